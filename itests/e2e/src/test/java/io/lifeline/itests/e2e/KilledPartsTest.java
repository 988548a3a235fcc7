package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.List;
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
}
