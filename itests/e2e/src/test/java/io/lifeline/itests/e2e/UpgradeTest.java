package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.e2e.upgrade.AgentInside.Installed;
import io.lifeline.itests.e2e.upgrade.EchoPlot;
import io.lifeline.itests.e2e.upgrade.Knocks;
import io.lifeline.itests.e2e.upgrade.Load;
import io.lifeline.itests.e2e.upgrade.Memory;
import io.lifeline.itests.e2e.upgrade.People;
import io.lifeline.itests.e2e.upgrade.Releases;
import io.lifeline.itests.e2e.upgrade.SshLogin;
import io.lifeline.itests.e2e.upgrade.Typist;
import io.lifeline.itests.e2e.upgrade.UpgradedAgent;
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
  private static final int SSH_SHELLS = 2;
  private static final int ROUNDS = FULL ? 4 : 1;
  private static final int FILE_BYTES = (FULL ? 1024 : 64) << 20;
  private static final int PORT = 34567;
  private static final Duration LONG = Duration.ofMinutes(FULL ? 20 : 3);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String FILE = "/var/tmp/lifeline-upgrade.bin";

  /** A machine that is busy with other things is no failure; what was measured is told. */
  private static final long MOST_REFUSED_MILLIS = 2_000;

  @TempDir static Path folder;
  private static UpgradedAgent agent;
  private static SshLogin ssh;
  private static String pid;
  private static Path upload;
  private static String uploadSum;
  private static String downloadSum;

  @BeforeAll
  static void aDebugPodRuns(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl)
      throws IOException {
    ssh = SshLogin.on(cluster, folder);
    AgentProcess process = installation.agentAsProcess(SshLogin.variables());
    pid = Installation.agentPid(cluster).orElseThrow();
    agent = new UpgradedAgent(process, pid, folder.resolve("releases"));
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
    agent.inside().startEcho(PORT);
  }

  @AfterAll
  static void theWorkerIsMended(Cluster cluster, Installation installation, Rescue rescue) {
    agent.keepLog(cluster.home().resolve("target/upgrade-agent.log"));
    cluster.onWorker("rm -f " + FILE);
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
    installation.agentAsBefore();
    SshLogin.forget(cluster);
  }

  private static String answer(Kubectl kubectl, String word) {
    return kubectl.out("exec", "debug-pod", "--", "bash", "-c", "echo " + word);
  }

  private static List<String> shell(Kubectl kubectl) {
    return kubectl.words("exec", "-it", "debug-pod", "--", "bash");
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

  /** Everything that the test does, for a moment: what is needed once is loaded then. */
  private static Memory warm(Cluster cluster, Kubectl kubectl, Rescue rescue) throws Exception {
    try (People people = new People();
        Load load = new Load(kubectl, "debug-pod")) {
      begin(cluster, kubectl, people, load, 2);
      Await.until("everything was done once", LONG, () -> load.transfers() >= 2);
      load.stop();
      assertThat(people.stop()).isEmpty();
    }
    return atRest(kubectl, rescue);
  }

  /** What lives when nobody is in and no debug pod runs; then there is one again. */
  private static Memory atRest(Kubectl kubectl, Rescue rescue) {
    People.endAll(kubectl);
    kubectl.out("delete", "pod", "debug-pod", "--wait=true");
    Memory memory = Memory.settled(agent.inside(), SOON.multipliedBy(2));
    rescue.createPod();
    return memory;
  }

  private static void begin(Cluster cluster, Kubectl kubectl, People people, Load load, int shells)
      throws IOException {
    for (int i = 0; i < shells; i++) {
      people.add(shell(kubectl));
    }
    for (int i = 0; i < SSH_SHELLS; i++) {
      people.add(ssh.shell());
    }
    load.forward(PORT);
    load.knock(cluster.backup());
    load.knockSsh(ssh.client().host(), ssh.client().port());
    load.download(FILE, folder.resolve("download"), downloadSum);
    load.upload(upload, uploadSum);
  }

  @Test
  @Order(1)
  void eachBundleIsReplacedInTurnAndNotOneShellIsCut(
      Cluster cluster, Kubectl kubectl, Rescue rescue, Report report) throws Exception {
    Memory before = warm(cluster, kubectl, rescue);
    List<String> lines = new ArrayList<>();
    try (People people = new People();
        Load load = new Load(kubectl, "debug-pod")) {
      begin(cluster, kubectl, people, load, SHELLS);
      List<String> first = new ArrayList<>(List.of("state"));
      agent.each("0.1.1").forEach(order -> first.addAll(List.of(order, "state")));
      lines.addAll(agent.obey(LONG, first));
      onlyOneChangedEachTime(UpgradedAgent.states(lines));
      String plot = EchoPlot.of(people.echoes(), UpgradedAgent.marks(lines));
      Files.writeString(cluster.home().resolve("target/upgrade-plot.txt"), plot);
      say("echo while each bundle was replaced\n" + plot);
      for (int round = 1; round < ROUNDS; round++) {
        lines.addAll(agent.obey(LONG, agent.each("0.1.1" + round)));
      }

      load.stop();
      List<String> wrong = new ArrayList<>(load.failures());
      wrong.addAll(people.stop());
      double worst = people.echoes().stream().mapToDouble(Typist.Echo::millis).max().orElse(0);
      report.measured(Measurement.alone("upgrade: slowest echo", worst, "ms"));
      for (Knocks door : load.doors()) {
        String what = "upgrade: new requests at " + door.door();
        report.measured(Measurement.alone(what + ", refused", door.refusedMillis(), "ms"));
        report.measured(Measurement.alone(what + ", slowest", door.slowest(), "ms"));
      }
      say(
          "%d upgrades, %d shells, %d of SSH, %d keys, slowest echo %.0f ms; %d transfers, %d MiB; %s"
              .formatted(
                  ROUNDS * UpgradedAgent.ROOMS.size(),
                  SHELLS,
                  SSH_SHELLS,
                  people.keys(),
                  worst,
                  load.transfers(),
                  load.bytes() >> 20,
                  load.doors()));
      assertThat(wrong).as("what was cut, or came out changed").isEmpty();
      assertThat(lines).noneMatch(UpgradeTest::isRefused);
      assertThat(load.doors()).allMatch(door -> door.refusedMillis() < MOST_REFUSED_MILLIS);
      assertThat(Installation.agentPid(cluster)).contains(pid);
    }
    Memory once = atRest(kubectl, rescue);
    assertThat(agent.obey(LONG, agent.each("0.1.2"))).noneMatch(UpgradeTest::isRefused);
    leavesNothingBehind(List.of(before, once, atRest(kubectl, rescue)), report);
  }

  private static boolean isRefused(String line) {
    return line.startsWith("refused") || line.startsWith("failed");
  }

  private static void onlyOneChangedEachTime(List<Map<String, Installed>> states) {
    assertThat(states).hasSize(UpgradedAgent.ROOMS.size() + 1);
    for (int i = 0; i < UpgradedAgent.ROOMS.size(); i++) {
      onlyOneChanged(UpgradedAgent.ROOMS.get(i), states.get(i), states.get(i + 1));
    }
  }

  /**
   * Whole versions of what was replaced do not stay, but for what some threads may still hold.
   *
   * @param memory before any, after the first, at the end
   */
  private static void leavesNothingBehind(List<Memory> memory, Report report) {
    say("memory before, after the first and at the end: " + memory);
    List<String> when = List.of("before", "after the first", "after");
    for (int i = 0; i < when.size(); i++) {
      report.measured(
          Measurement.alone("upgrade: heap " + when.get(i), memory.get(i).heap() / 1024.0, "KiB"));
    }
    // What the first upgrade needs for itself stays.
    long most = Math.max(memory.get(0).heap(), memory.get(1).heap());
    assertThat(memory.get(2).heap()).isLessThan(most + most / 20);
    // Netty and JNA hold each the one instance that was there when they were first used; and one
    // may be about to go.
    assertThat(memory.get(2).loaders()).allMatch(loader -> loader.matches("runtime.oci [23]|.* 2"));
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
      List<String> lines = agent.obey(SOON, List.of(agent.ship("session.engine", "0.1.2").order()));
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

  @Test
  @Order(4)
  void aBundleThatDoesNotComeUpIsRolledBackByItself(Kubectl kubectl) {
    UpgradedAgent.Shipped broken =
        agent.ship(
            "broken",
            "0.1.9",
            List.of("node.monitor", "debugpod"),
            manifest -> {
              if ("io.lifeline.debugpod"
                  .equals(manifest.getMainAttributes().getValue("Bundle-SymbolicName"))) {
                manifest.getMainAttributes().putValue("Bundle-Activator", "io.lifeline.None");
              }
            });
    List<String> lines = agent.obey(LONG, List.of("state", broken.order(), "state"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("refused") && line.contains("runs as before"));
    Map<String, Installed> before = UpgradedAgent.states(lines).get(0);
    Map<String, Installed> after = UpgradedAgent.states(lines).get(1);
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
    Releases releases = agent.releases(made);
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
    String place = agent.ship(made, "wrong");
    List<String> lines =
        agent.obey(
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
    List<Map<String, Installed>> states = UpgradedAgent.states(lines);
    assertThat(states.get(1)).isEqualTo(states.get(0));
  }

  @Test
  @Order(6)
  void aRollbackPutsBackWhatRanBefore(Kubectl kubectl) {
    String upgrade = agent.ship("kubelet.streaming", "0.1.3").order();
    List<String> lines =
        agent.obey(LONG, List.of("state", upgrade, "rollback", "state", "rollback"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("rolledback"))
        .anyMatch(line -> line.startsWith("refused") && line.contains("nothing to go back to"));
    List<Map<String, Installed>> states = UpgradedAgent.states(lines);
    String name = "io.lifeline.kubelet.streaming";
    assertThat(states.get(1).get(name).version()).isEqualTo(states.get(0).get(name).version());
    assertThat(answer(kubectl, "back")).isEqualTo("back");
  }

  private static void say(String line) {
    System.out.println("upgrade: " + line);
  }
}
