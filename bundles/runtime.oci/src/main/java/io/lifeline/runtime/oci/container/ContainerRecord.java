package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.ProcessStat;
import io.lifeline.runtime.oci.tool.Tool;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a later life of the agent must know of a container, kept beside its configuration.
 *
 * @param startTicks when the main process started: a number that is used again is another process
 */
record ContainerRecord(ContainerSpec spec, Tool tool, int pid, long startTicks) {

  private static final String FILE = "container.properties";
  private static final String ONCE = "stdinOnce";
  private static final String VARIABLE = "env.";

  /** Whether the main process still runs. */
  boolean alive() {
    return ProcessStat.of(pid)
        .filter(stat -> stat.startTicks() == startTicks && stat.state() != 'Z')
        .isPresent();
  }

  void write(Path directory) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("id", spec.id());
    properties.setProperty("hostname", spec.hostname());
    properties.setProperty("mount", spec.rootMountPath());
    properties.setProperty("tty", Boolean.toString(spec.tty()));
    properties.setProperty("stdin", Boolean.toString(spec.input() != ContainerInput.NONE));
    properties.setProperty(ONCE, Boolean.toString(spec.input() == ContainerInput.ONCE));
    spec.environment().forEach((name, value) -> properties.setProperty(VARIABLE + name, value));
    properties.setProperty("runtime", tool.path());
    properties.setProperty("version", tool.version());
    properties.setProperty("pid", Integer.toString(pid));
    properties.setProperty("started", Long.toString(startTicks));
    try (Writer out = Files.newBufferedWriter(directory.resolve(FILE))) {
      properties.store(out, null);
    }
  }

  /** Empty when there is none, or it was not written whole. */
  static Optional<ContainerRecord> read(Path directory) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(directory.resolve(FILE))) {
      properties.load(in);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(parsed(properties));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ContainerRecord parsed(Properties properties) {
    Map<String, String> environment = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(VARIABLE)) {
        environment.put(key.substring(VARIABLE.length()), properties.getProperty(key));
      }
    }
    ContainerSpec spec =
        new ContainerSpec(
            text(properties, "id"),
            text(properties, "hostname"),
            List.of(),
            environment,
            text(properties, "mount"),
            Boolean.parseBoolean(text(properties, "tty")),
            input(properties));
    return new ContainerRecord(
        spec,
        new Tool(text(properties, "runtime"), text(properties, "version")),
        Integer.parseInt(text(properties, "pid")),
        Long.parseLong(text(properties, "started")));
  }

  private static ContainerInput input(Properties properties) {
    if (!Boolean.parseBoolean(text(properties, "stdin"))) {
      return ContainerInput.NONE;
    }
    // An earlier agent did not write this down.
    return Boolean.parseBoolean(properties.getProperty(ONCE))
        ? ContainerInput.ONCE
        : ContainerInput.OPEN;
  }

  private static String text(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("no " + key);
    }
    return value;
  }
}
