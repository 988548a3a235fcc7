package io.lifeline.itests.e2e.upgrade;

import io.lifeline.itests.e2e.AgentProcess;
import io.lifeline.itests.testkit.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The running agent, seen from inside: the probe's orders, and what came of them. */
public final class AgentInside {

  private static final String PLACE = AgentProcess.FOLDER + "/probe";
  private static final String JAR = PLACE + "/probe.jar";

  /** A bundle as the framework has it. */
  public record Installed(String version, String lastModified, String wiring, String state) {}

  private final AgentProcess agent;
  private final String pid;
  private int turn;

  private AgentInside(AgentProcess agent, String pid) {
    this.agent = agent;
    this.pid = pid;
  }

  /**
   * @param pid the agent's, as the worker numbers it
   * @param folder to make the probe in
   */
  public static AgentInside of(AgentProcess agent, String pid, Path folder) {
    try {
      Path jar = Files.createDirectories(folder).resolve("probe.jar");
      Manifest manifest = new Manifest();
      Attributes headers = manifest.getMainAttributes();
      headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
      headers.put(new Attributes.Name("Agent-Class"), Probe.class.getName());
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file, manifest)) {
        for (String name : List.of("Probe", "Probe$Call", "Attach", "EchoServer")) {
          String entry = Probe.class.getPackageName().replace('.', '/') + "/" + name + ".class";
          out.putNextEntry(new JarEntry(entry));
          try (var in = Probe.class.getClassLoader().getResourceAsStream(entry)) {
            in.transferTo(out);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the probe could not be made", e);
    }
    agent.ship(folder, "probe");
    return new AgentInside(agent, pid);
  }

  /** Gives orders and waits until all are done; returns what came of them, line by line. */
  public List<String> obey(Duration within, List<String> orders) {
    String place = PLACE + "/turn-" + turn++;
    agent.onWorker(
        "mkdir -p %1$s && printf '%%s\\n' %2$s >%1$s/orders"
            .formatted(
                place, String.join(" ", orders.stream().map(line -> "'" + line + "'").toList())));
    agent.onWorker(
        "java -cp %s %s %s %s %s".formatted(JAR, Attach.class.getName(), pid, JAR, place));
    return Await.value(
        "the agent has done " + orders,
        within,
        () -> {
          List<String> lines = agent.onWorker("cat %s/out".formatted(place)).out().lines().toList();
          return lines.contains("done") ? java.util.Optional.of(lines) : java.util.Optional.empty();
        });
  }

  /** Something that echoes what comes to a port of the worker, until the worker is mended. */
  public void startEcho(int port) {
    agent.onWorker(
        "setsid java -Xmx16m -cp %s %s %d </dev/null >/dev/null 2>&1 &"
            .formatted(JAR, EchoServer.class.getName(), port));
  }

  /** The bundles by their symbolic names, out of an answer to {@code state}. */
  public static Map<String, Installed> bundles(List<String> lines) {
    Map<String, Installed> bundles = new TreeMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("bundle")) {
        bundles.put(words[1], new Installed(words[2], words[3], words[4], words[5]));
      }
    }
    return bundles;
  }
}
