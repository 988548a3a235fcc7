package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Screen;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What needs agents with other settings. The last of those on the cluster, so that the agents need
 * not be set back.
 */
@Order(4)
@ExtendWith(OnCluster.class)
class OtherSettingsTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  @Order(1)
  void theSameWithCrunInsteadOfRunc(Cluster cluster, Installation installation, Rescue rescue) {
    // With the clock of the next test, which is right as long as nobody sets it.
    Map<String, String> variables = new TreeMap<>(new FakeClock(cluster).ready());
    variables.put("LIFELINE_RUNTIME_OCI_RUNTIMES", "crun");
    installation.agentSettings(variables);
    rescue.wholly(Cluster.Fault.KUBELET);
    assertThat(installation.agentLog()).as("the agent's log").contains("container runtime crun");
  }

  /** By 400 days, which no certificate here outlives, there and back again with people at work. */
  @Test
  @Order(2)
  void aClockThatIsWrongAndStepsHindersNoRescue(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl) {
    FakeClock clock = new FakeClock(cluster);
    assumeThat(clock.canBeHad()).as("gcc here, a way onto the worker, agents in pods").isTrue();
    clock.isOffBy(Duration.ofDays(400));
    try {
      rescue.reachBackupNode(Cluster.Fault.KUBELET);
      DebugPod pod = rescue.createPod();
      try (Terminal cut = rescue.openTerminal(pod, kubectl)) {
        clock.isOffBy(Duration.ofMinutes(-10));
        awaitRenewals(cluster, kubectl);
        cut.type("echo lives-$((40 + 4))");
        cut.expect("lives-44", SOON);
        clock.isOffBy(Duration.ofDays(400));
        Installation.killAgent(cluster);
        cut.exit(Duration.ofSeconds(30));
      }
      Terminal terminal =
          Await.value(
              "a shell can be had of the next process",
              Duration.ofSeconds(30),
              () -> rescue.tryTerminal(pod, kubectl));
      try (terminal) {
        clock.isOffBy(Duration.ofHours(3));
        rescue.enterWorker(terminal);
        rescue.heal(terminal);
        rescue.awaitReadyAgain(List.of(terminal));
      }
      assertThat(installation.agentLog())
          .contains("this machine's clock is 400 days ahead of the API server's")
          .contains("this machine's clock is 10 minutes behind the API server's");
    } finally {
      clock.isRight();
    }
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  /** The backup Node's Lease is renewed twice, each time by the true time. */
  private static void awaitRenewals(Cluster cluster, Kubectl kubectl) {
    for (int i = 0; i < 2; i++) {
      Instant before = renewal(cluster, kubectl);
      Await.until("the Lease is renewed", SOON, () -> renewal(cluster, kubectl).isAfter(before));
      assertThat(renewal(cluster, kubectl)).isBetween(before, Instant.now().plusSeconds(5));
    }
  }

  private static Instant renewal(Cluster cluster, Kubectl kubectl) {
    return Instant.parse(
        kubectl
            .field("lease/" + cluster.backup(), "{.spec.renewTime}", "-n", "kube-node-lease")
            .orElseThrow());
  }

  @Test
  @Order(3)
  void theCertificatesEndClosesEveryTerminalAndApprovalIsAskedForAgain(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl) {
    FakeClock clock = new FakeClock(cluster);
    Map<String, String> variables = new TreeMap<>(clock.none());
    variables.put("LIFELINE_NODE_CREDENTIAL_LIFE", "25s");
    installation.agentSettings(variables);
    if (clock.canBeHad()) {
      clock.remove();
    }
    try {
      cluster.breakWorker(Cluster.Fault.KUBELET);
      rescue.wish();
      String first = rescue.awaitRequest();
      rescue.approve(first);
      rescue.awaitBackupNode();
      DebugPod pod = rescue.createPod();
      try (Terminal terminal = rescue.openTerminal(pod, kubectl)) {
        countdownLeavesVi(cluster, pod, kubectl);
        rescue.awaitEnd("certificate", Duration.ofSeconds(60), List.of(terminal));
      }
      Await.until(
          "the backup Node is deregistered",
          Duration.ofSeconds(30),
          () -> !kubectl.exists("node/" + cluster.backup()));

      String second = rescue.awaitRequestOtherThan(first);
      assertThat(second).isNotEqualTo(first);
      assertThat(kubectl.exists("node/" + cluster.backup()))
          .as("a backup Node before anybody approved again")
          .isFalse();
    } finally {
      cluster.mendWorker();
    }
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  /** The countdown comes in the last row of a full screen, and what is typed meanwhile is whole. */
  private static void countdownLeavesVi(Cluster cluster, DebugPod pod, Kubectl kubectl) {
    Terminal.Size size = new Terminal.Size(24, 80);
    List<String> words = kubectl.words("exec", "-it", pod.name(), "--", "chroot", "/host", "sh");
    try (Screen screen = Screen.open(words, size)) {
      screen.await("a prompt is there", rows -> rows.get(0).matches(".*[#$] ?"), SOON);
      screen.type("TERM=xterm vi -n /run/countdown.txt");
      screen.press("Enter");
      screen.await("vi is there", rows -> rows.get(1).equals("~"), SOON);
      screen.type("ifirst line");
      screen.press("Enter");
      List<String> told =
          screen.await(
              "the countdown is told in the last row",
              rows -> rows.get(23).matches(".*certificate.* ends in ([1-9]|10) seconds?.*"),
              Duration.ofSeconds(40));
      assertThat(told.subList(0, 3)).containsExactly("first line", "", "~");
      screen.type("second line");
      List<String> typed =
          screen.await("what is typed is there", rows -> rows.get(1).equals("second line"), SOON);
      assertThat(typed.subList(0, 23)).startsWith("first line", "second line", "~").endsWith("~");
      screen.press("Escape");
      screen.type(":wq");
      screen.press("Enter");
      Await.until(
          "vi has written the file",
          SOON,
          () ->
              cluster
                  .onWorker("cat /run/countdown.txt")
                  .filter(file -> file.out().equals("first line\nsecond line\n"))
                  .isPresent());
    } finally {
      cluster.onWorker("rm -f /run/countdown.txt /run/.countdown.txt.swp");
    }
  }
}
