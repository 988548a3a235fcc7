package io.lifeline.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoingTest {

  private final DaemonSet agents =
      new DaemonSetBuilder()
          .withNewMetadata()
          .withName("lifeline-agent")
          .withGeneration(2L)
          .endMetadata()
          .withNewSpec()
          .withNewUpdateStrategy()
          .withType("OnDelete")
          .endUpdateStrategy()
          .withNewTemplate()
          .withNewSpec()
          .withHostPID(true)
          .addNewContainer()
          .withName("agent")
          .withImage("an/image:1")
          .addNewEnv()
          .withName("LIFELINE_STATE_DIR")
          .withValue("/run/other")
          .endEnv()
          .withNewStartupProbe()
          .withPeriodSeconds(2)
          .endStartupProbe()
          .withNewSecurityContext()
          .withPrivileged(true)
          .endSecurityContext()
          .endContainer()
          .endSpec()
          .endTemplate()
          .endSpec()
          .build();

  @Test
  void whatTheAgentKeptGoesByItsOwnImageAndRightsAndOnlyThen() {
    PodSpec pod = Undoing.of(agents).getSpec().getTemplate().getSpec();
    Container agent = agents.getSpec().getTemplate().getSpec().getContainers().get(0);
    assertThat(pod.getHostPID()).isTrue();
    assertThat(pod.getInitContainers())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.getImage()).isEqualTo("an/image:1");
              assertThat(step.getEnv()).isEqualTo(agent.getEnv());
              assertThat(step.getSecurityContext().getPrivileged()).isTrue();
              assertThat(String.join(" ", step.getCommand())).contains("umount", "rmdir");
              assertThat(step.getStartupProbe()).isNull();
            });
  }

  @Test
  void noAgentIsLeftThatWouldBringItBack() {
    assertThat(Undoing.of(agents).getSpec().getTemplate().getSpec().getContainers())
        .singleElement()
        .satisfies(
            rest -> {
              assertThat(rest.getCommand()).containsExactly("sleep", "infinity");
              assertThat(rest.getStartupProbe()).isNull();
            });
  }

  @Test
  void allNodesDoItAtOnceWhateverTheStrategyWas() {
    var strategy = Undoing.of(agents).getSpec().getUpdateStrategy();
    assertThat(strategy.getType()).isEqualTo("RollingUpdate");
    assertThat(strategy.getRollingUpdate().getMaxUnavailable().getStrVal()).isEqualTo("100%");
  }

  @Test
  void doingItAgainChangesNothing() {
    assertThat(Undoing.of(Undoing.of(agents))).isEqualTo(Undoing.of(agents));
  }

  @Test
  void itIsDoneWhenEachNodeHasDoneTheNewThing() {
    assertThat(Undoing.done(agents)).isFalse();
    assertThat(Undoing.done(status(1, 3, 3, 3))).as("told of what was before").isFalse();
    assertThat(Undoing.done(status(2, 3, 2, 3))).as("an agent is there still").isFalse();
    assertThat(Undoing.done(status(2, 3, 3, 2))).as("one is at it").isFalse();
    assertThat(Undoing.done(status(2, 3, 3, 3))).isTrue();
  }

  @Test
  void theNodesThatAreLeftAreNamed() {
    assertThat(
            Undoing.left(
                List.of(
                    pod("w3", "remove", false),
                    pod("w2", "other", true),
                    pod("w1", "remove", true),
                    new PodBuilder().withNewSpec().withNodeName("w4").endSpec().build())))
        .containsExactly("w2", "w3", "w4");
  }

  private DaemonSet status(long seen, int nodes, int updated, int ready) {
    return new DaemonSetBuilder(agents)
        .withNewStatus()
        .withObservedGeneration(seen)
        .withDesiredNumberScheduled(nodes)
        .withUpdatedNumberScheduled(updated)
        .withNumberReady(ready)
        .endStatus()
        .build();
  }

  private static Pod pod(String node, String step, boolean done) {
    return new PodBuilder()
        .withNewSpec()
        .withNodeName(node)
        .endSpec()
        .withNewStatus()
        .addNewInitContainerStatus()
        .withName(step)
        .withReady(done)
        .endInitContainerStatus()
        .endStatus()
        .build();
  }
}
