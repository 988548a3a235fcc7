package io.lifeline.node.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.Worker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NodeTextTest {

  private final NodeText text = new NodeText(new W9());

  @Test
  void theFirstCreateHasBothTaintsAndNoOsLabel() {
    Node node = text.created();
    assertThat(node.getSpec().getTaints())
        .extracting(Taint::getEffect)
        .containsExactly("NoSchedule", "NoExecute");
    assertThat(node.getMetadata().getLabels())
        .containsEntry("lifeline.io/backup-of", "w9")
        .containsKey("node.kubernetes.io/exclude-from-external-load-balancers")
        .doesNotContainKey("kubernetes.io/os");
  }

  @Test
  void itServesOnTheConfiguredPortAtTheWorkersAddress() {
    NodeStatus status = text.serving("v1.20.2-lifeline", false, "0 sessions");
    assertThat(status.getDaemonEndpoints().getKubeletEndpoint().getPort()).isEqualTo(10350);
    assertThat(status.getAddresses())
        .anyMatch(a -> a.getType().equals("InternalIP") && a.getAddress().equals("10.0.0.9"));
    assertThat(status.getAdditionalProperties()).isEmpty();
    assertThat(text.serving("v1.36.0", true, "0 sessions").getAdditionalProperties())
        .containsKey("declaredFeatures");
  }

  @Test
  void theLastWordIsAReasonTheOperatorKnows() {
    for (RescueEnd.Reason reason : RescueEnd.Reason.values()) {
      assertThat(text.ended(new RescueEnd(reason, "why")).getConditions())
          .anyMatch(
              condition ->
                  condition.getType().equals("Ready")
                      && condition.getStatus().equals("False")
                      && condition.getReason().equals(reason.condition()));
    }
  }

  private record W9() implements Worker {
    @Override
    public String name() {
      return "w9";
    }

    @Override
    public String backupName() {
      return "w9-debug";
    }

    @Override
    public String address() {
      return "10.0.0.9";
    }

    @Override
    public int kubeletPort() {
      return 10350;
    }

    @Override
    public Path root() {
      return Path.of("/");
    }

    @Override
    public Path state() {
      return Path.of("/run/lifeline");
    }
  }
}
