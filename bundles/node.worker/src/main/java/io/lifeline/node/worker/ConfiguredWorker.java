package io.lifeline.node.worker;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker as configured; what is not configured is found out once, at start. */
@Component(
    configurationPid = WorkerSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
public final class ConfiguredWorker implements Worker {

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredWorker.class);

  private final WorkerSettings settings;
  private final String address;
  private final Path root;
  private final Path state;

  @Activate
  public ConfiguredWorker(Map<String, Object> properties) throws IOException {
    this(
        WorkerSettings.of(
            Settings.of(WorkerSettings.PID, properties), System.getenv(), Machine.hostname()));
  }

  ConfiguredWorker(WorkerSettings settings) throws IOException {
    this.settings = settings;
    this.address = settings.address().orElseGet(Machine::address);
    this.root = settings.root().orElseGet(Machine::workerRoot);
    this.state = Files.createDirectories(path(settings.state()));
    if (!Machine.isTmpfs(root, settings.state())) {
      LOG.warn(
          "the agent's state {} is not a tmpfs of its own: a full root disk would stop a rescue;"
              + " start through bin/lifeline, which mounts one",
          settings.state());
    }
    LOG.info(
        "worker {} at {}, its root seen at {}, state at {}; the backup node would be {} on port {}",
        name(),
        address,
        root,
        state,
        backupName(),
        kubeletPort());
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String backupName() {
    return settings.name() + settings.suffix();
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public int kubeletPort() {
    return settings.port();
  }

  @Override
  public Path root() {
    return root;
  }

  @Override
  public Path state() {
    return state;
  }

  /** What the machine says of itself. */
  private static final class Machine {

    static String hostname() {
      try {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      } catch (IOException e) {
        throw new UncheckedIOException("the machine's name cannot be read", e);
      }
    }

    /**
     * The root of the worker: that of process 1, when this process is in a pod with hostPID and so
     * has another mount namespace; our own otherwise.
     */
    static Path workerRoot() {
      try {
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
        Path first = Files.readSymbolicLink(Path.of("/proc/1/ns/mnt"));
        return own.equals(first) ? Path.of("/") : Path.of("/proc/1/root");
      } catch (IOException e) {
        LOG.warn(
            "the mount namespace of process 1 cannot be seen ({}): using / as root", e.toString());
        return Path.of("/");
      }
    }

    /**
     * From the worker's own table of mounts: through /proc/1/root the file store's type is that of
     * another namespace.
     */
    static boolean isTmpfs(Path root, String where) throws IOException {
      Path process = Path.of(root.startsWith("/proc/1") ? "/proc/1" : "/proc/self");
      try (Stream<String> mounts = Files.lines(process.resolve("mounts"))) {
        return mounts
            .map(line -> line.split(" ", 4))
            .anyMatch(mount -> mount[1].equals(where) && mount[2].equals("tmpfs"));
      }
    }

    static String address() {
      return LocalAddress.find();
    }
  }
}
