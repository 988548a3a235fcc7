package io.lifeline.operator.claim;

import static io.lifeline.operator.Objects.deleting;
import static io.lifeline.operator.Objects.nodeDebug;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.crd.SecretKeyRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsTest {

  private static NodeDebug created(NodeDebug nd, String at) {
    nd.getMetadata().setCreationTimestamp(at);
    return nd;
  }

  private static Standing standing(Claims claims, String name) {
    return claims.all().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow()
        .standing();
  }

  private static String refusal(Claims claims, String name) {
    return ((Standing.Refused) standing(claims, name)).reason();
  }

  @Test
  void theOlderOneHasTheWorkerAndTheOtherNamesIt() {
    Claims claims =
        Claims.of(
            List.of(
                created(nodeDebug("a", "w2"), "2026-01-01T00:00:02Z"),
                created(nodeDebug("z", "w2"), "2026-01-01T00:00:01Z"),
                nodeDebug("other", "w1")));
    assertThat(claims.live()).extracting(Claim::name).containsExactly("other", "z");
    assertThat(refusal(claims, "a")).isEqualTo("Duplicate");
    assertThat(((Standing.Refused) standing(claims, "a")).message()).contains("NodeDebug z has");
    assertThat(claims.live("w2").orElseThrow().name()).isEqualTo("z");
  }

  @Test
  void oneThatGoesKeepsItsWorkerUntilAllIsGone() {
    Claims claims =
        Claims.of(
            List.of(
                deleting(created(nodeDebug("first", "w2"), "2026-01-01T00:00:01Z")),
                created(nodeDebug("second", "w2"), "2026-01-01T00:00:02Z")));
    assertThat(standing(claims, "first")).isInstanceOf(Standing.Deleting.class);
    assertThat(refusal(claims, "second")).isEqualTo("Duplicate");
    assertThat(claims.live("w2")).isEmpty();
    assertThat(claims.owner("w2")).isPresent();
  }

  @Test
  void oneThatGoesWithoutOurFinalizerHasNothing() {
    NodeDebug going = nodeDebug("first", "w2");
    going.getMetadata().setDeletionTimestamp("2026-01-01T01:00:00Z");
    Claims claims = Claims.of(List.of(going, nodeDebug("second", "w2")));
    assertThat(refusal(claims, "first")).isEqualTo("Deleting");
    assertThat(claims.live("w2").orElseThrow().name()).isEqualTo("second");
  }

  @Test
  void whatTheSchemaShouldHaveRefusedIsRefused() {
    for (String worker : List.of("", "W2", "a_b", "-a", "a..b", "x".repeat(248))) {
      assertThat(refusal(Claims.of(List.of(nodeDebug("a", worker))), "a"))
          .isEqualTo("InvalidWorkerName");
    }
    NodeDebug both = nodeDebug("both", "w2");
    both.setSpec(
        new NodeDebugSpec(
            "w2", new BootstrapKubeConfig("inline", new SecretKeyRef("n", "s", "k"))));
    assertThat(refusal(Claims.of(List.of(both)), "both")).isEqualTo("InvalidBootstrapKubeConfig");
  }

  @Test
  void aChangedWorkerNameChangesNothing() {
    NodeDebug nd = nodeDebug("a", "w3");
    nd.getMetadata().getAnnotations().put(NodeDebug.WORKER, "w2");
    Claims claims = Claims.of(List.of(nd));
    assertThat(claims.live("w2")).isPresent();
    assertThat(claims.live("w3")).isEmpty();
  }
}
