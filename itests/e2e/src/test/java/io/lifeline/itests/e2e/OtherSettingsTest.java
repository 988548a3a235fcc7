package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
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
    installation.agentSettings(Map.of("LIFELINE_NODE_CREDENTIAL_LIFE", "25s"));
    try {
      cluster.breakWorker(Cluster.Fault.KUBELET);
      rescue.wish();
      String first = rescue.awaitRequest();
      rescue.approve(first);
      rescue.awaitBackupNode();
      DebugPod pod = rescue.createPod();
      try (Terminal terminal = rescue.openTerminal(pod, kubectl)) {
        rescue.awaitEnd("certificate", Duration.ofSeconds(45), List.of(terminal));
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
}
