package io.lifeline.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.crd.Condition;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.crd.Phase;
import io.lifeline.crd.SecretKeyRef;
import io.lifeline.kubernetes.internal.KubeconfigFiles;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.ApiAccess;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** What a NodeDebug may say, and what is told of one that cannot be served. */
@EnabledIfEnvironmentVariable(named = ApiServerUnderTest.KUBECONFIG, matches = ".+")
class NodeDebugsOnApiServerTest extends OnApiServer {

  @Test
  void theSecondNodeDebugOfAWorkerSaysSoAndTakesOverAfterTheFirst() {
    created("first", "w2");
    untilPhase("first", Phase.WaitingForAgent);
    created("second", "w2");
    untilPhase("second", Phase.Refused);
    Condition accepted =
        api.nodeDebug("second").story().condition(Condition.Type.Accepted).orElseThrow();
    assertThat(accepted.reason()).isEqualTo("Duplicate");
    assertThat(accepted.message()).contains("first");
    assertThat(api.nodeDebug("second").hasFinalizer(NodeDebug.FINALIZER)).isFalse();
    api.admin.resources(NodeDebug.class).withName("first").delete();
    untilPhase("second", Phase.WaitingForAgent);
    assertThat(kubeconfig("w2")).isNotEmpty();
  }

  @Test
  void aGivenKubeconfigIsKeptAndItsOwnerIsKnown() throws Exception {
    String token =
        api.admin
            .serviceAccounts()
            .inNamespace("default")
            .withName("default")
            .tokenRequest()
            .getStatus()
            .getToken();
    String given =
        new KubeconfigFiles()
            .write(ApiAccess.token(URI.create("https://10.0.0.1"), api.access.caPem(), token), "u");
    api.admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("given")
                .withNamespace(SYSTEM)
                .endMetadata()
                .addToStringData("kubeconfig", given)
                .build())
        .create();
    created(
        "x",
        new NodeDebugSpec(
            "w2", new BootstrapKubeConfig(null, new SecretKeyRef(SYSTEM, "given", "kubeconfig"))));
    created("y", new NodeDebugSpec("w3", new BootstrapKubeConfig("not one", null)));
    created(
        "z",
        new NodeDebugSpec(
            "w1", new BootstrapKubeConfig(null, new SecretKeyRef("kube-system", "s", "k"))));
    api.until("it is kept", () -> kubeconfig("w2").equals(given));
    untilPhase("x", Phase.WaitingForAgent);
    assertThat(condition("x").message()).contains("system:serviceaccount:default:default");
    untilPhase("y", Phase.Watching);
    assertThat(condition("y").reason()).isEqualTo("UnusableKubeConfig");
    untilPhase("z", Phase.Watching);
    assertThat(condition("z").reason()).isEqualTo("SecretForbidden");
    assertThat(kubeconfig("w3")).isEmpty();
    try (KubernetesClient holder =
        api.as(
            "system:serviceaccount:default:default",
            "system:serviceaccounts",
            "system:serviceaccounts:lifeline-bootstrap")) {
      assertThat(denial(asked(holder, Request.NODE_CLIENT, backupSubject("w1"), NODE)))
          .contains("system:node:w2-debug");
    }
  }

  private Condition condition(String name) {
    return api.nodeDebug(name).story().condition(Condition.Type.BootstrapKubeConfig).orElseThrow();
  }

  @Test
  void aChangedWorkerNameChangesNothing() {
    created("x", "w2");
    untilPhase("x", Phase.WaitingForAgent);
    api.admin
        .resources(NodeDebug.class)
        .withName("x")
        .edit(
            n -> {
              n.setSpec(new NodeDebugSpec("w3", null));
              return n;
            });
    api.until(
        "it is told",
        () ->
            api.nodeDebug("x")
                .story()
                .condition(Condition.Type.Accepted)
                .orElseThrow()
                .reason()
                .equals("WorkerNameChanged"));
    assertThat(kubeconfig("w3")).isEmpty();
    assertThat(kubeconfig("w2")).isNotEmpty();
  }

  @Test
  void theSchemaRefusesWhatIsWrong() {
    assertThatThrownBy(() -> created("x", "W_2")).hasMessageContaining("spec.workerName");
    assertThatThrownBy(() -> created("x", "")).hasMessageContaining("spec.workerName");
  }
}
