package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.e2e.upgrade.AgentInside;
import io.lifeline.itests.e2e.upgrade.AgentInside.Installed;
import io.lifeline.itests.e2e.upgrade.EchoPlot;
import io.lifeline.itests.e2e.upgrade.Load;
import io.lifeline.itests.e2e.upgrade.Releases;
import io.lifeline.itests.e2e.upgrade.Typist;
import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.Report;
import io.lifeline.itests.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent is upgraded, bundle by bundle, while people work through it.
 *
 * <p>{@code E2E_FULL=true} is the long one, which {@code ./lifeline test --full} runs.
 */
@Order(6)
@SharedRescue
@ExtendWith(OnCluster.class)
class UpgradeTest {

  private static final boolean FULL = Boolean.parseBoolean(System.getenv("E2E_FULL"));
  private static final int SHELLS = FULL ? 20 : 6;
  private static final int ROUNDS = FULL ? 4 : 1;
  private static final int FILE_BYTES = (FULL ? 1024 : 64) << 20;
  private static final int PORT = 34567;
  private static final Duration LONG = Duration.ofMinutes(FULL ? 20 : 3);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String FILE = "/var/tmp/lifeline-upgrade.bin";

  /** In the order in which the agent itself would replace them. */
  private static final List<String> ROOMS =
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
          "node.rollout",
          "node.upgrade");

  /** A machine that is busy with other things is no failure; what was measured is told. */
  private static final long MOST_REFUSED_MILLIS = 2_000;

  private static final int MOST_LOADERS = 3;

  @TempDir static Path folder;
  private static AgentProcess agent;
  private static AgentInside inside;
  private static String pid;
  private static Path upload;
  private static String uploadSum;
  private static String downloadSum;

  @BeforeAll
  static void aDebugPodRuns(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl)
      throws IOException {
    agent = installation.agentAsProcess(Map.of());
    pid = Installation.agentPid(cluster).orElseThrow();
    inside = AgentInside.of(agent, pid, folder.resolve("probe"));
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    rescue.createPod();
    String line = "head -c %d /dev/urandom >%2$s && sha256sum <%2$s".formatted(FILE_BYTES, FILE);
    downloadSum =
        kubectl
            .within(Duration.ofMinutes(2))
            .out("exec", "debug-pod", "--", "chroot", "/host", "sh", "-c", line)
            .split(" ", 2)[0];
    byte[] random = new byte[32 << 20];
    new Random(11).nextBytes(random);
    upload = Files.write(folder.resolve("upload"), random);
    uploadSum = Command.of("sha256sum", upload.toString()).output().split(" ", 2)[0];
    inside.startEcho(PORT);
  }

  @AfterAll
  static void theWorkerIsMended(Cluster cluster, Installation installation, Rescue rescue) {
    cluster.onWorker("rm -f " + FILE);
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
    installation.agentAsBefore();
  }

  private static String answer(Kubectl kubectl, String word) {
    return kubectl.out("exec", "debug-pod", "--", "bash", "-c", "echo " + word);
  }

  private static List<String> shell(Kubectl kubectl) {
    return kubectl.words("exec", "-it", "debug-pod", "--", "bash");
  }

  /** Makes a release of each room alone, ships them, and returns the orders to run them. */
  private static List<String> ordersFor(String name, List<String> versions) {
    Path made = folder.resolve(name);
    Releases releases = new Releases(agent.distribution(), made);
    List<String> orders = new ArrayList<>(List.of("state"));
    for (String version : versions) {
      for (String room : ROOMS) {
        String release = room + "-" + version;
        String pin = releases.make(release, version, List.of(room), manifest -> {});
        orders.add("upgrade %s/%s/%s %s".formatted(AgentProcess.FOLDER, name, release, pin));
        orders.add("state");
      }
    }
    agent.ship(made, name);
    return orders;
  }

  private static void onlyOneChanged(
      String room, Map<String, Installed> before, Map<String, Installed> after) {
    String changed = "io.lifeline." + room;
    assertThat(after.get(changed)).isNotEqualTo(before.get(changed));
    before.forEach(
        (name, bundle) -> {
          if (!name.equals(changed)) {
            assertThat(after.get(name))
                .as("%s, when %s was replaced", name, room)
                .isEqualTo(bundle);
          }
        });
    assertThat(after.keySet()).isEqualTo(before.keySet());
  }

  /** When each bundle was replaced. */
  private static List<EchoPlot.Mark> marks(List<String> lines) {
    List<EchoPlot.Mark> marks = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      if (words[0].equals("upgraded")) {
        marks.add(
            new EchoPlot.Mark(
                Long.parseLong(words[1]), Long.parseLong(words[2]), ROOMS.get(marks.size())));
      }
    }
    return marks;
  }

  /** One answer to {@code state} after the other. */
  private static List<Map<String, Installed>> states(List<String> lines) {
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

  @Test
  @Order(1)
  void eachBundleIsReplacedInTurnAndNotOneShellIsCut(
      Cluster cluster, Kubectl kubectl, Report report) throws Exception {
    List<Typist> typists = new ArrayList<>();
    try (Load load = new Load(kubectl, "debug-pod")) {
      for (int i = 0; i < SHELLS; i++) {
        typists.add(Typist.at(shell(kubectl), i));
      }
      load.forward(PORT);
      load.knock(cluster.backup());
      load.download(FILE, folder.resolve("download"), downloadSum);
      load.upload(upload, uploadSum);

      List<String> lines = inside.obey(LONG, ordersFor("once", List.of("0.1.1")));

      assertThat(lines).noneMatch(line -> line.startsWith("refused") || line.startsWith("failed"));
      List<Map<String, Installed>> states = states(lines);
      assertThat(states).hasSize(ROOMS.size() + 1);
      for (int i = 0; i < ROOMS.size(); i++) {
        onlyOneChanged(ROOMS.get(i), states.get(i), states.get(i + 1));
      }

      load.stop();
      List<String> wrong = new ArrayList<>(load.failures());
      for (Typist typist : typists) {
        typist.stop().ifPresent(wrong::add);
      }
      List<Typist.Echo> echoes =
          typists.stream().flatMap(typist -> typist.echoes().stream()).toList();
      double worst = echoes.stream().mapToDouble(Typist.Echo::millis).max().orElse(0);
      String plot = EchoPlot.of(echoes, marks(lines));
      Files.writeString(cluster.home().resolve("target/upgrade-plot.txt"), plot);
      say("echo while each bundle was replaced\n" + plot);
      report.measured(Measurement.alone("upgrade: slowest echo", worst, "ms"));
      report.measured(
          Measurement.alone("upgrade: new requests refused", load.refusedMillis(), "ms"));
      report.measured(Measurement.alone("upgrade: slowest request", load.slowestMillis(), "ms"));
      say(
          "%d shells, %d keys, slowest echo %.0f ms; %d transfers, %d MiB; %d knocks, slowest %d ms, refused for %d ms %s"
              .formatted(
                  SHELLS,
                  typists.stream().mapToInt(Typist::keys).sum(),
                  worst,
                  load.transfers(),
                  load.bytes() >> 20,
                  load.knocks(),
                  load.slowestMillis(),
                  load.refusedMillis(),
                  load.refusals()));
      assertThat(wrong).as("what was cut, or came out changed").isEmpty();
      assertThat(load.refusedMillis()).isLessThan(MOST_REFUSED_MILLIS);
      assertThat(Installation.agentPid(cluster)).contains(pid);
    } finally {
      typists.forEach(Typist::close);
    }
  }

  @Test
  @Order(2)
  void aReplacedAgentServesNewSessionsAndListsThem(Kubectl kubectl) {
    assertThat(answer(kubectl, "new")).isEqualTo("new");
    assertThat(kubectl.out("get", "pod", "debug-pod", "-o", "jsonpath={.status.phase}"))
        .isEqualTo("Running");
  }

  @Test
  @Order(3)
  void sessionsOfAReplacedEngineAreListedJoinedAndEnded(Kubectl kubectl) {
    try (Terminal old = Terminal.open(shell(kubectl))) {
      String id = ShellId.of(old);
      List<String> lines = inside.obey(SOON, only("session.engine", "0.1.2"));
      assertThat(lines).anyMatch(line -> line.startsWith("upgraded"));
      old.type("echo still-$((40 + 4))");
      old.expect("still-44", SOON);
      assertThat(kubectl.out("exec", "debug-pod", "--", "lifeline", "sessions")).contains(id);
      try (Terminal joined =
          Terminal.open(kubectl.words("exec", "-it", "debug-pod", "--", "lifeline", "join", id))) {
        joined.expect("still-44", SOON);
        joined.type("echo both-$((40 + 5))");
        old.expect("both-45", SOON);
      }
      assertThat(kubectl.out("exec", "debug-pod", "--", "lifeline", "end", id)).contains("hung up");
      old.expect("this session is ended by", SOON);
      old.exit(SOON);
    }
  }

  private static List<String> only(String room, String version) {
    Path made = folder.resolve("only");
    String pin =
        new Releases(agent.distribution(), made)
            .make(room + "-" + version, version, List.of(room), manifest -> {});
    agent.ship(made, "only");
    return List.of("upgrade %s/only/%s-%s %s".formatted(AgentProcess.FOLDER, room, version, pin));
  }

  @Test
  @Order(4)
  void aBundleThatDoesNotComeUpIsRolledBackByItself(Kubectl kubectl) {
    Path made = folder.resolve("broken");
    String pin =
        new Releases(agent.distribution(), made)
            .make(
                "one",
                "0.1.9",
                List.of("node.monitor", "debugpod"),
                manifest -> {
                  if ("io.lifeline.debugpod"
                      .equals(manifest.getMainAttributes().getValue("Bundle-SymbolicName"))) {
                    manifest.getMainAttributes().putValue("Bundle-Activator", "io.lifeline.None");
                  }
                });
    agent.ship(made, "broken");
    List<String> lines =
        inside.obey(
            LONG,
            List.of(
                "state", "upgrade %s/broken/one %s".formatted(AgentProcess.FOLDER, pin), "state"));
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith("refused") && line.contains("rolled back: 0.1.1 runs as before"));
    Map<String, Installed> before = states(lines).get(0);
    Map<String, Installed> after = states(lines).get(1);
    before.forEach(
        (name, bundle) -> {
          assertThat(after.get(name).version()).as(name).isEqualTo(bundle.version());
          assertThat(after.get(name).state()).as(name).isEqualTo(bundle.state());
        });
    assertThat(answer(kubectl, "on")).isEqualTo("on");
  }

  @Test
  @Order(5)
  void whatIsNotThePinnedReleaseTouchesNothing() throws IOException {
    Path made = folder.resolve("wrong");
    Releases releases = new Releases(agent.distribution(), made);
    String pin = releases.make("sum", "0.1.8", List.of("debugpod"), manifest -> {});
    Path jar = made.resolve("sum/debugpod-0.1.8.jar");
    byte[] bytes = Files.readAllBytes(jar);
    bytes[bytes.length / 2]++;
    Files.write(jar, bytes);
    String newer =
        releases.make(
            "newer",
            "0.1.8",
            List.of("debugpod"),
            manifest ->
                manifest
                    .getMainAttributes()
                    .putValue("Import-Package", "io.lifeline.node.api;version=\"[7.0,8)\""));
    String contract = releases.make("contract", "0.1.8", List.of("node.api"), manifest -> {});
    agent.ship(made, "wrong");
    String place = AgentProcess.FOLDER + "/wrong/";
    List<String> lines =
        inside.obey(
            LONG,
            List.of(
                "state",
                "upgrade %ssum %s".formatted(place, pin),
                "upgrade %ssum %s".formatted(place, newer),
                "upgrade %snewer %s".formatted(place, newer),
                "upgrade %scontract %s".formatted(place, contract),
                "state"));
    List<String> refused = lines.stream().filter(line -> line.startsWith("refused")).toList();
    assertThat(refused).hasSize(4);
    assertThat(refused.get(0)).contains("is not what its checksum");
    assertThat(refused.get(1)).contains("is not the pinned one");
    assertThat(refused.get(2)).contains("io.lifeline.node.api", "start the agent anew");
    assertThat(refused.get(3)).contains("is a contract");
    List<Map<String, Installed>> states = states(lines);
    assertThat(states.get(1)).isEqualTo(states.get(0));
  }

  @Test
  @Order(6)
  void aRollbackPutsBackWhatRanBefore(Kubectl kubectl) {
    List<String> orders = new ArrayList<>(List.of("state"));
    orders.addAll(only("kubelet.streaming", "0.1.3"));
    orders.addAll(List.of("rollback", "state", "rollback"));
    List<String> lines = inside.obey(LONG, orders);
    assertThat(lines)
        .anyMatch(line -> line.startsWith("rolledback"))
        .anyMatch(line -> line.startsWith("refused") && line.contains("nothing to go back to"));
    List<Map<String, Installed>> states = states(lines);
    String name = "io.lifeline.kubelet.streaming";
    assertThat(states.get(1).get(name).version()).isEqualTo(states.get(0).get(name).version());
    assertThat(answer(kubectl, "back")).isEqualTo("back");
  }

  @Test
  @Order(7)
  void upgradesLeaveNoClassLoaderBehind(Kubectl kubectl) {
    endAll(kubectl);
    long before = heap(awaitFewLoaders());
    List<String> orders = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      orders.addAll(ordersFor("again-" + round, List.of("0.2." + round)));
    }
    orders.removeIf("state"::equals);
    List<String> lines = inside.obey(LONG, orders);
    assertThat(lines).noneMatch(line -> line.startsWith("refused") || line.startsWith("failed"));
    assertThat(answer(kubectl, "after")).isEqualTo("after");
    long after = heap(awaitFewLoaders());
    say(
        "%d upgrades: heap before %d KiB, after %d KiB"
            .formatted(ROUNDS * ROOMS.size(), before >> 10, after >> 10));
    assertThat(after).isLessThan(before + before / 20 + (1 << 20));
  }

  /** Shells whose kubectl has gone wait to be joined again, and would wait for minutes. */
  private static void endAll(Kubectl kubectl) {
    kubectl
        .out("exec", "debug-pod", "--", "lifeline", "sessions")
        .lines()
        .map(line -> line.split(" ", 2)[0])
        .filter(id -> id.matches("[a-z]+-[0-9]+"))
        .forEach(id -> kubectl.run("exec", "debug-pod", "--", "lifeline", "end", id));
  }

  private static long heap(List<String> lines) {
    return Long.parseLong(
        lines.stream()
            .filter(line -> line.startsWith("heap "))
            .findFirst()
            .orElseThrow()
            .substring(5));
  }

  /**
   * Waits until each of our bundles has few class loaders, however many versions there were; what a
   * door left to the next instance is kept for some seconds. A thread keeps the code that began it
   * (its access control context does), so the debug pod's keeps the versions of its first minute.
   */
  private static List<String> awaitFewLoaders() {
    List<String> last = new ArrayList<>();
    Await.until(
        "each bundle has few class loaders",
        SOON.plusSeconds(10),
        () -> {
          last.clear();
          last.addAll(inside.obey(SOON, List.of("heap")));
          List<String> more =
              last.stream()
                  .filter(line -> line.startsWith("loaders io.lifeline."))
                  .filter(
                      line ->
                          Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1))
                              > MOST_LOADERS)
                  .toList();
          if (!more.isEmpty()) {
            throw new AssertionError(more.toString());
          }
          return true;
        });
    say(
        "class loaders more than one: "
            + last.stream()
                .filter(line -> line.startsWith("loaders io.lifeline.") && !line.endsWith(" 1"))
                .toList());
    return last;
  }

  private static void say(String line) {
    System.out.println("upgrade: " + line);
  }
}
