package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Screen;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
  void theSameWithCrunInsteadOfRunc(Installation installation, Rescue rescue) {
    installation.agentSettings(Map.of("LIFELINE_RUNTIME_OCI_RUNTIMES", "crun"));
    rescue.wholly(Cluster.Fault.KUBELET);
    assertThat(installation.agentLog()).as("the agent's log").contains("container runtime crun");
  }

  @Test
  @Order(2)
  void theCertificatesEndClosesEveryTerminalAndApprovalIsAskedForAgain(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl) {
    installation.agentSettings(Map.of("LIFELINE_NODE_CREDENTIAL_LIFE", "40s"));
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
