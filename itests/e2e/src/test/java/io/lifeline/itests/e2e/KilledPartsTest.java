package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each part of Lifeline is killed in the middle of a rescue; the rescue goes on. */
@Order(3)
@ExtendWith(OnCluster.class)
class KilledPartsTest {

  private static final Duration AGAIN = Duration.ofSeconds(45);

  @Test
  void agentOperatorAndProxyAreKilledAndTheRescueGoesOnAndEndsClean(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl) {
    assumeThat(cluster.enter()).as("a way onto the worker, to kill its agent there").isPresent();

    rescue.wish();
    Await.until("there is a proxy", AGAIN, () -> !rescue.proxyParts().isEmpty());
    installation.killProxy();
    cluster.breakWorker(Cluster.Fault.KUBELET);
    String request = rescue.awaitRequest();
    installation.killOperator();
    Installation.killAgent(cluster);
    rescue.approve(request);
    rescue.awaitBackupNodeWithin(AGAIN);

    DebugPod pod = rescue.createPod();
    try (Terminal cut = rescue.openTerminal(pod, kubectl)) {
      Installation.killAgent(cluster);
      cut.exit(AGAIN);
    }
    rescue.awaitBackupNodeWithin(AGAIN);
    Terminal terminal =
        Await.value("a shell can be had again", AGAIN, () -> rescue.tryTerminal(pod, kubectl));
    try (terminal) {
      rescue.enterWorker(terminal);
      rescue.heal(terminal);
      rescue.awaitReadyAgain(List.of(terminal));
    }
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  /** Lifeline was removed and installed again, and what agents kept of it lies on the workers. */
  @Test
  void agentsOfAnEarlierInstallationTrustTheProxyOfThisOne(
      Cluster cluster, Installation installation, Rescue rescue, Kubectl kubectl) {
    kubectl.out("delete", "secret", "-n", Parts.NAMESPACE, "lifeline-ca");
    installation.agentSettings(Map.of("LIFELINE_SESSION_ENGINE_GRACE", Parts.GRACE));
    rescue.wish();
    cluster.breakWorker(Cluster.Fault.KUBELET);
    rescue.awaitRequest();
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  /** What is typed before and after is typed into one and the same shell. */
  @Test
  void aShellOutlivesTheAgentAndIsJoinedAgain(Cluster cluster, Rescue rescue, Kubectl kubectl) {
    assumeThat(cluster.enter()).as("a way onto the worker, to kill its agent there").isPresent();
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    rescue.createPod();
    String id;
    try (Terminal cut = Terminal.open(kubectl.words("exec", "-it", "debug-pod", "--", "bash"))) {
      id = ShellId.of(cut);
      cut.type("mark=$((40 + 1)); (for i in {101..140}; do echo tick-$i; sleep 0.2; done) &");
      cut.expect("tick-105", AGAIN);
      Installation.killAgent(cluster);
      cut.exit(AGAIN);
    }
    Await.until(
        "the shell is listed again",
        AGAIN,
        () -> kubectl.out("exec", "debug-pod", "--", "lifeline", "sessions").contains(id));
    assertThat(kubectl.out("exec", "debug-pod", "--", "lifeline", "sessions"))
        .containsPattern(id + ".*detached");
    try (Terminal again =
        Terminal.open(kubectl.words("exec", "-it", "debug-pod", "--", "lifeline", "join", id))) {
      String shown = again.expect("tick-140", AGAIN);
      for (int i = 105; i < 140; i++) {
        assertThat(shown).contains("tick-" + i);
      }
      again.type("echo mark-$((mark + 1))");
      again.expect("mark-42", AGAIN);
      again.type("lifeline sessions");
      again.expect(id + "*", AGAIN);
      // And once more.
      Installation.killAgent(cluster);
      again.exit(AGAIN);
    }
    Terminal twice =
        Await.value(
            "the shell is joined once more",
            AGAIN,
            () -> {
              Terminal tried =
                  Terminal.open(
                      kubectl.words("exec", "-it", "debug-pod", "--", "lifeline", "join", id));
              try {
                tried.type("echo again-$((mark + 2))");
                tried.expect("again-43", Duration.ofSeconds(5));
                return Optional.of(tried);
              } catch (AssertionError e) {
                tried.close();
                throw e;
              }
            });
    try (twice) {
      twice.type("exit");
      twice.exit(AGAIN);
    }
    assertThat(kubectl.out("exec", "debug-pod", "--", "lifeline", "sessions")).doesNotContain(id);
    assertThat(cluster.onWorker("ls /run/lifeline/sessions").orElseThrow().out()).isBlank();
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }
}
