package io.lifeline.node.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.Worker;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeTextTest {

  private static final Instant ENDS = Instant.parse("2026-01-01T01:00:00Z");

  private final NodeText text = new NodeText(new W9("w9"), InstantSource.system());

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
    NodeStatus status =
        text.serving("v1.20.2-lifeline", false, "0 sessions", ENDS, Optional.empty());
    assertThat(status.getDaemonEndpoints().getKubeletEndpoint().getPort()).isEqualTo(10350);
    assertThat(status.getAddresses())
        .anyMatch(a -> a.getType().equals("InternalIP") && a.getAddress().equals("10.0.0.9"));
    assertThat(status.getAdditionalProperties()).isEmpty();
    assertThat(
            text.serving("v1.36.0", true, "0 sessions", ENDS, Optional.empty())
                .getAdditionalProperties())
        .containsKey("declaredFeatures");
  }

  @Test
  void itTellsWhenItsCertificateEnds() {
    assertThat(text.serving("v1.20.2", false, "0 sessions", ENDS, Optional.empty()).getConditions())
        .anyMatch(
            condition ->
                condition.getType().equals("lifeline.io/CertificateEnds")
                    && condition.getMessage().equals("2026-01-01T01:00:00Z"));
  }

  @Test
  void itTellsTheKeyOfTheSshFrontEndWhereThereIsOne() {
    assertThat(
            text.serving("v1", false, "0 sessions", ENDS, Optional.of("SHA256:x")).getConditions())
        .anyMatch(
            condition ->
                condition.getType().equals("lifeline.io/SshHostKey")
                    && condition.getMessage().equals("SHA256:x"));
    assertThat(text.serving("v1", false, "0 sessions", ENDS, Optional.empty()).getConditions())
        .noneMatch(condition -> condition.getType().equals("lifeline.io/SshHostKey"));
  }

  @Test
  void aNameTooLongForALabelIsLeftOutOfLabelsAndTaints() {
    Node node = new NodeText(new W9("w".repeat(60) + ".example"), InstantSource.system()).created();
    assertThat(node.getMetadata().getLabels())
        .containsEntry("lifeline.io/backup-of", "")
        .containsEntry("kubernetes.io/hostname", "");
    assertThat(node.getSpec().getTaints()).extracting(Taint::getValue).containsOnly("");
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

  private record W9(String name) implements Worker {
    @Override
    public String backupName() {
      return name + "-debug";
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
