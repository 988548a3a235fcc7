package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Report;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A worker dies, a person mends it from a shell on it, and nothing is left behind. */
@Order(1)
@ExtendWith(OnCluster.class)
class MainJobTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  @Order(1)
  void aPersonMendsTheWorkerFromAShellOnItAndNothingIsLeft(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl, Report report) {
    Stopwatch watch = new Stopwatch(cluster);
    Optional<String> weight = Installation.agentWeight(cluster);
    cluster.breakWorker(Cluster.Fault.KUBELET);
    rescue.wish();
    rescue.awaitNotReady();
    String request = rescue.awaitRequest();

    proxyRunsOnAnotherWorker(cluster, kubectl);
    assertThat(rescue.approveCommand())
        .as("the exact line that approves")
        .isEqualTo("kubectl certificate approve " + request);
    assertThat(kubectl.exists("node/" + cluster.backup()))
        .as("a backup Node before anybody approved")
        .isFalse();

    watch.approving();
    rescue.approve(request);
    rescue.awaitBackupNode();
    backupNodeIsTainted(cluster, kubectl);
    if (weight.isPresent() && !cluster.local()) {
      assertThat(Installation.agentWeight(cluster))
          .as("what the agent weighs on busy processors, as a pod that asks for a whole one")
          .isIn(Optional.of("1024"), Optional.of("39"));
    }

    watch.creatingPod();
    DebugPod pod = rescue.createPod();
    try (Terminal first = rescue.openTerminal(pod, kubectl);
        Terminal second = rescue.openTerminal(pod, cluster.otherKubectl())) {
      watch.firstPrompt();
      aTerminalIsATerminal(first);
      rescue.enterWorker(first);
      rescue.heal(first);
      rescue.awaitReadyAgain(List.of(first, second));
    }
    rescue.awaitNothingLeft();
    rescue.withdraw();
    Await.until(
        "the agent weighs what it did before",
        SOON,
        () -> Installation.agentWeight(cluster).equals(weight));
    String log = installation.agentLog();
    assertThat(log).as("the image's own library of TLS").contains("its TLS by BoringSSL");
    watch.steps(log).forEach(report::measured);
    watch.close();
  }

  @Test
  @Order(2)
  void theSameOnceMoreWithoutRestartingTheAgent(Cluster cluster, Rescue rescue, Kubectl kubectl) {
    Optional<String> agent = Installation.agentPid(cluster);
    rescue.wholly(Cluster.Fault.KUBELET);
    assertThat(Installation.agentPid(cluster)).isEqualTo(agent);
  }

  @Test
  @Order(3)
  void theSameWithContainerdDeadToo(Cluster cluster, Rescue rescue, Kubectl kubectl) {
    assumeTrue(cluster.canBreak(Cluster.Fault.KUBELET_AND_RUNTIME));
    rescue.wholly(Cluster.Fault.KUBELET_AND_RUNTIME);
  }

  @Test
  @Order(4)
  void theSameWithKubeletAndContainerdHungWhoseLogNobodyReads(
      Cluster cluster, Rescue rescue, Kubectl kubectl) {
    assumeTrue(cluster.canBreak(Cluster.Fault.HANG));
    rescue.reachBackupNode(Cluster.Fault.HANG);
    DebugPod pod = rescue.createPod();
    // Each is told twice in the agent's log, and the pipe to containerd holds 64 KiB.
    String words = "x".repeat(20_000);
    for (int i = 0; i < 10; i++) {
      kubectl.out("exec", pod.name(), "--", "true", words);
    }
    try (Terminal terminal = rescue.openTerminal(pod, kubectl)) {
      cluster.mendWorker();
      rescue.awaitReadyAgain(List.of(terminal));
    }
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  private static void proxyRunsOnAnotherWorker(Cluster cluster, Kubectl kubectl) {
    if (cluster.local()) {
      return;
    }
    String nodes =
        kubectl.out(
            "get",
            "pods",
            "-n",
            Parts.NAMESPACE,
            "-l",
            "app.kubernetes.io/component=proxy",
            "-o",
            "jsonpath={.items[*].spec.nodeName}");
    assertThat(nodes).as("where the proxy runs").contains(cluster.peer());
    assertThat(nodes.split(" ")).doesNotContain(cluster.worker(), cluster.backup());
  }

  private static void backupNodeIsTainted(Cluster cluster, Kubectl kubectl) {
    assertThat(kubectl.field("node/" + cluster.backup(), "{.spec.taints[*].effect}").orElse(""))
        .as("the backup Node's taints")
        .contains("NoSchedule")
        .contains("NoExecute");
  }

  private static void aTerminalIsATerminal(Terminal terminal) {
    terminal.type("stty size");
    terminal.expect("30 110", SOON);
    terminal.resize(new Terminal.Size(41, 133));
    terminal.type("stty size");
    Await.until("the shell has the new size", SOON, () -> retried(terminal, "41 133"));
    // A ^C that comes while bash still makes the process is sometimes bash's alone.
    terminal.type("bash -c 'echo asleep-$((40 + 5)); exec sleep 600'");
    terminal.expect("asleep-45", SOON);
    terminal.send("\u0003");
    terminal.expect("^C", SOON);
    terminal.expect("# ", SOON);
    terminal.type("echo back-$((40 + 4))");
    terminal.expect("back-44", SOON);
  }

  private static boolean retried(Terminal terminal, String text) {
    if (terminal.screen().contains(text)) {
      return true;
    }
    terminal.type("stty size");
    return false;
  }
}
