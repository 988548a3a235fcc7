package io.lifeline.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.Phase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** How a backup node ends: asked, silent, vanished, or by force. */
@EnabledIfEnvironmentVariable(named = ApiServerUnderTest.KUBECONFIG, matches = ".+")
class EndingsOnApiServerTest extends OnApiServer {

  @Test
  void aNodeDebugThatIsDeletedAsksTheAgentAndWaitsForIt() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      api.admin.resources(NodeDebug.class).withName("x").delete();
      api.until(
          "the agent is asked",
          () ->
              "true"
                  .equals(
                      backup
                          .nodes()
                          .withName("w2-debug")
                          .get()
                          .getMetadata()
                          .getAnnotations()
                          .get(NodeDebug.WITHDRAW)));
      untilPhase("x", Phase.Ending);
      assertThat(kubeconfig("w2")).as("it is handed out no more").isEmpty();
      ApiServerUnderTest.ready(backup, "w2-debug", "False", "Withdrawn");
      api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
      assertThat(nothingLeftOfBackup("w2")).isTrue();
    }
  }

  @Test
  void anAgentThatDoesNotAnswerIsNotWaitedForLong() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      api.admin.resources(NodeDebug.class).withName("x").delete();
      api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
      assertThat(nothingLeftOfBackup("w2")).isTrue();
    }
  }

  @Test
  void anAgentThatVanishedIsDeregistered() throws Exception {
    stop();
    start(Duration.ofSeconds(3));
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      debugPod(backup, "w2-debug");
      untilPhase("x", Phase.DebugPodRunning);
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      untilPhase("x", Phase.WaitingForAgent);
      assertThat(events("x")).anyMatch(m -> m.contains("has not renewed its Lease"));
    }
    // and then once more from the start
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
    }
  }

  @Test
  void aWorkerThatIsReadyAgainEndsABackupNodeWhoseAgentIsDead() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      api.node("w2", "True");
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      untilPhase("x", Phase.Watching);
    }
  }

  @Test
  void aBackupNodeWhoseNodeDebugWasTakenAwayByForceGoes() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      stop();
      tidyNodeDebug("x");
      start(Duration.ofMinutes(5));
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      api.until("nothing is left", this::nothingLeftAtAll);
    }
  }

  private void tidyNodeDebug(String name) {
    api.admin.resources(NodeDebug.class).withName(name).delete();
    api.admin
        .resources(NodeDebug.class)
        .withName(name)
        .edit(
            n -> {
              n.getMetadata().setFinalizers(List.of());
              return n;
            });
  }

  @Test
  void aNodeOfTheClustersOwnIsLeftAlone() {
    api.node("w3-debug", "False");
    created("x", "w3");
    untilPhase("x", Phase.Watching);
    api.admin.resources(NodeDebug.class).withName("x").delete();
    api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
    Node own = api.admin.nodes().withName("w3-debug").get();
    assertThat(own).isNotNull();
    api.admin.nodes().withName("w3-debug").delete();
  }
}
