package io.lifeline.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.Condition;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.Phase;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.CertificateSubject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** A rescue from its NodeDebug to the last trace of it. */
@EnabledIfEnvironmentVariable(named = ApiServerUnderTest.KUBECONFIG, matches = ".+")
class RescueOnApiServerTest extends OnApiServer {

  @Test
  void aWholeRescueAndThenNothingIsLeft() throws Exception {
    created("x", "w2");
    untilPhase("x", Phase.WaitingForAgent);
    NodeDebug nd = api.nodeDebug("x");
    assertThat(nd.hasFinalizer(NodeDebug.FINALIZER)).isTrue();
    assertThat(nd.story().accepted()).isTrue();
    assertThat(nd.story().condition(Condition.Type.BootstrapKubeConfig).orElseThrow().isTrue())
        .isTrue();
    assertThat(
            api.admin
                .apps()
                .deployments()
                .inNamespace(SYSTEM)
                .withName("lifeline-proxy")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getAffinity()
                .toString())
        .contains("w2");
    assertThat(api.admin.services().inNamespace(SYSTEM).withName("lifeline-proxy").get())
        .isNotNull();

    try (KubernetesClient bootstrap = bootstrap("w2")) {
      assertThatThrownBy(() -> bootstrap.nodes().list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
      assertThat(denial(asked(bootstrap, Request.NODE_CLIENT, backupSubject("w1"), NODE)))
          .contains("may ask for CN [system:node:w2-debug]");
      assertThat(
              denial(
                  asked(
                      bootstrap,
                      Request.NODE_CLIENT,
                      CertificateSubject.client("system:node:w2", "system:nodes"),
                      CLIENT)))
          .contains("may ask for");
      String foreign =
          asked(
              bootstrap,
              "kubernetes.io/kube-apiserver-client",
              CertificateSubject.client("admin", "x"),
              CLIENT);
      api.until("it is removed", () -> api.find(foreign).isEmpty());
    }
    for (String what : List.of("was denied", "was removed")) {
      api.until(
          "there is an Event that it " + what,
          () -> events("x").stream().anyMatch(message -> message.contains(what)));
    }

    try (KubernetesClient backup = approved("x", "w2")) {
      untilPhase("x", Phase.Approved);
      api.until("its end is told", () -> api.nodeDebug("x").story().certificateEnds() != null);

      CertificateSubject serving =
          new CertificateSubject(
              "system:node:w2-debug",
              List.of("system:nodes"),
              List.of("w2-debug"),
              List.of("10.99.0.12"));
      String right = asked(backup, Request.NODE_SERVING, serving, SERVER);
      api.until("it is signed", () -> api.request(right).certificate().isPresent());
      CertificateSubject elsewhere =
          new CertificateSubject(
              "system:node:w2-debug", List.of("system:nodes"), List.of(), List.of("10.99.0.1"));
      assertThat(denial(asked(backup, Request.NODE_SERVING, elsewhere, SERVER)))
          .contains("at the addresses of w2");
      assertThat(denial(asked(backup, Request.NODE_CLIENT, backupSubject("w2"), NODE)))
          .contains("does not renew");

      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      debugPod(backup, "w2-debug");
      untilPhase("x", Phase.DebugPodRunning);
      assertThat(api.nodeDebug("x").story().debugPod()).isEqualTo("default/debug-pod");

      // the worker is Ready again, and the agent ends
      api.node("w2", "True");
      ApiServerUnderTest.ready(backup, "w2-debug", "False", "WorkerReady");
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      untilPhase("x", Phase.Watching);
      api.until(
          "its requests are gone",
          () ->
              api.admin
                  .certificates()
                  .v1()
                  .certificateSigningRequests()
                  .list()
                  .getItems()
                  .isEmpty());
      assertThat(api.nodeDebug("x").story().backupNode()).isNull();
    }
    KubernetesClient stillBootstrap = bootstrap("w2");
    api.admin.resources(NodeDebug.class).withName("x").delete();
    api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
    api.until("nothing is left", this::nothingLeftAtAll);
    // The API server remembers for ten seconds that a token was good.
    api.until(
        "the token is void",
        () -> {
          try {
            stillBootstrap.certificates().v1().certificateSigningRequests().withName("x").get();
            return false;
          } catch (KubernetesClientException e) {
            return e.getCode() == 401;
          }
        });
  }
}
