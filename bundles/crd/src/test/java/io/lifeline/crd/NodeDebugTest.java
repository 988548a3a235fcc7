package io.lifeline.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeDebugTest {

  private final KubernetesSerialization json = new KubernetesSerialization();

  private static NodeDebug named(String name, String created) {
    NodeDebug nd = new NodeDebug();
    nd.setMetadata(new ObjectMetaBuilder().withName(name).withCreationTimestamp(created).build());
    nd.setSpec(new NodeDebugSpec("w2", null));
    return nd;
  }

  @Test
  void theWorkerOfABackupNodeIsInItsName() {
    assertThat(NodeDebug.worker(NodeDebug.backupNode("w2"))).contains("w2");
    assertThat(NodeDebug.worker("w2")).isEmpty();
    assertThat(NodeDebug.worker("-debug")).isEmpty();
  }

  @Test
  void whatIsAbsentIsNotWritten() {
    NodeDebug nd = named("a", "2026-01-01T00:00:00Z");
    nd.setStatus(null);
    assertThat(json.asJson(nd)).doesNotContain("null").doesNotContain("status");
    nd.setStatus(NodeDebugStatus.NONE);
    assertThat(json.asJson(nd)).contains("\"status\":{}");
  }

  @Test
  void whatANewerOneWroteIsReadAllTheSame() {
    NodeDebug nd =
        json.unmarshal(
            """
            apiVersion: lifeline.io/v1alpha1
            kind: NodeDebug
            metadata: {name: x}
            spec: {workerName: w2, other: 1, bootstrapKubeConfig: {secretRef: {namespace: n, name: s, key: k}}}
            status:
              phase: AwaitingApproval
              later: true
              conditions: [{type: Accepted, status: "True", reason: R, message: m, lastTransitionTime: t}]
            """,
            NodeDebug.class);
    assertThat(nd.worker()).isEqualTo("w2");
    assertThat(nd.getSpec().given().orElseThrow().secretRef())
        .isEqualTo(new SecretKeyRef("n", "s", "k"));
    assertThat(nd.story().phase()).isEqualTo(Phase.AwaitingApproval);
    assertThat(nd.story().accepted()).isTrue();
    assertThat(json.unmarshal(json.asJson(nd), NodeDebug.class).story()).isEqualTo(nd.story());
  }

  @Test
  void theOlderComesFirstThenTheName() {
    NodeDebug old = named("z", "2026-01-01T00:00:00Z");
    NodeDebug a = named("a", "2026-01-01T00:00:01Z");
    NodeDebug b = named("b", "2026-01-01T00:00:01Z");
    assertThat(Stream.of(b, a, old).sorted(NodeDebug.FIRST)).containsExactly(old, a, b);
  }

  @Test
  void aKubeconfigIsNeverShown() {
    NodeDebug nd = named("a", "2026-01-01T00:00:00Z");
    nd.setSpec(new NodeDebugSpec("w2", new BootstrapKubeConfig("token: secret", null)));
    assertThat(nd.toString()).doesNotContain("token");
    assertThat(List.of(nd.getSpec()).toString()).doesNotContain("token");
  }
}
