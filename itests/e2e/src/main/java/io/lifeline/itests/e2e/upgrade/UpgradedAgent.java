package io.lifeline.itests.e2e.upgrade;

import io.lifeline.itests.e2e.AgentProcess;
import io.lifeline.itests.e2e.upgrade.AgentInside.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Manifest;

/** An agent that is upgraded: the releases that it gets, and what it says of them. */
public final class UpgradedAgent {

  /** Every implementation bundle of an agent with SSH, in the order in which it replaces them. */
  public static final List<String> ROOMS =
      List.of(
          "security.pki",
          "node.worker",
          "node.monitor",
          "node.credential",
          "security.delegated",
          "node.backup",
          "node.rescue",
          "debugpod",
          "runtime.oci",
          "session.engine",
          "kubelet.streaming",
          "kubelet.server",
          "ssh.server",
          "node.rollout",
          "node.upgrade");

  private final AgentProcess agent;
  private final AgentInside inside;
  private final Path folder;

  /**
   * @param pid the agent's, as the worker numbers it
   * @param folder to make releases in
   */
  public UpgradedAgent(AgentProcess agent, String pid, Path folder) {
    this.agent = agent;
    this.inside = AgentInside.of(agent, pid, folder.resolve("probe"));
    this.folder = folder;
  }

  public AgentInside inside() {
    return inside;
  }

  /** Gives orders and waits until all are done; returns what came of them, line by line. */
  public List<String> obey(Duration within, List<String> orders) {
    return inside.obey(within, orders);
  }

  /** A release on the worker. */
  public record Shipped(String place, String pin) {

    public String order() {
      return "upgrade %s %s".formatted(place, pin);
    }
  }

  /** Makes a release and ships it. */
  public Shipped ship(String name, String version, List<String> rooms, Releases.Change change) {
    Path made = folder.resolve(name);
    String pin = releases(made).make("release", version, rooms, change);
    agent.ship(made, name);
    return new Shipped("%s/%s/release".formatted(AgentProcess.FOLDER, name), pin);
  }

  /** Makes a release of one bundle and ships it. */
  public Shipped ship(String room, String version) {
    return ship(room + "-" + version, version, List.of(room), (Manifest manifest) -> {});
  }

  /** Ships what was made by {@link #releases}; returns where it is. */
  public String ship(Path made, String name) {
    agent.ship(made, name);
    return AgentProcess.FOLDER + "/" + name + "/";
  }

  public Releases releases(Path made) {
    return new Releases(agent.distribution(), made);
  }

  /** A release for each bundle alone; the orders to run one after the other. */
  public List<String> each(String version) {
    String name = "each-" + version;
    Path made = folder.resolve(name);
    List<String> pins = new ArrayList<>();
    for (String room : ROOMS) {
      pins.add(releases(made).make(room, version, List.of(room), manifest -> {}));
    }
    String place = ship(made, name);
    List<String> orders = new ArrayList<>();
    for (int i = 0; i < ROOMS.size(); i++) {
      orders.add("upgrade %s%s %s".formatted(place, ROOMS.get(i), pins.get(i)));
    }
    return orders;
  }

  /** What the agent has logged, to a file. */
  public void keepLog(Path file) {
    try {
      Files.writeString(file, agent.log());
    } catch (IOException e) {
      throw new UncheckedIOException("the agent's log cannot be kept", e);
    }
  }

  /** When each bundle was replaced, where the orders were those of {@link #each}. */
  public static List<EchoPlot.Mark> marks(List<String> lines) {
    List<EchoPlot.Mark> marks = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      if (words[0].equals("upgraded")) {
        marks.add(
            new EchoPlot.Mark(
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                ROOMS.get(marks.size() % ROOMS.size())));
      }
    }
    return marks;
  }

  /** One answer to {@code state} after the other. */
  public static List<Map<String, Installed>> states(List<String> lines) {
    List<Map<String, Installed>> states = new ArrayList<>();
    List<String> one = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("bundle ")) {
        one.add(line);
      } else if (!one.isEmpty()) {
        states.add(AgentInside.bundles(one));
        one.clear();
      }
    }
    return states;
  }
}
