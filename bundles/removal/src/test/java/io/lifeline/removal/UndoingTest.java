package io.lifeline.removal;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UndoingTest {

  /** Tests run in the bundle's folder. */
  private static final Path MANIFEST = Path.of("../../container/manifests/40-agent.yaml");

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
  void whatTheAgentKeptGoesByItsOwnImageAndRightsAndNoAgentIsLeft() {
    PodSpec pod = Undoing.of(agents).getSpec().getTemplate().getSpec();
    Container agent = agents.getSpec().getTemplate().getSpec().getContainers().get(0);
    assertThat(pod.getHostPID()).isTrue();
    assertThat(pod.getContainers())
        .singleElement()
        .satisfies(
            undoing -> {
              assertThat(String.join(" ", undoing.getCommand())).contains("umount", "rmdir");
              assertThat(undoing.getImage()).isEqualTo("an/image:1");
              assertThat(undoing.getEnv()).isEqualTo(agent.getEnv());
              assertThat(undoing.getSecurityContext().getPrivileged()).isTrue();
            });
  }

  /** What it never said would keep the agents away after an installation over this. */
  @Test
  void onlyFieldsThatTheManifestSaysAreChanged() throws IOException {
    KubernetesSerialization yaml = new KubernetesSerialization();
    DaemonSet said;
    try (InputStream manifest = Files.newInputStream(MANIFEST)) {
      said = yaml.unmarshal(manifest, DaemonSet.class);
    }
    DaemonSet undoing = Undoing.of(said);
    assertThat(undoing).isNotEqualTo(said);
    assertThat(fields("", yaml.convertValue(undoing, Map.class)))
        .isEqualTo(fields("", yaml.convertValue(said, Map.class)));
  }

  /** The paths of all fields, without their values; a list of values is one. */
  private static Set<String> fields(String path, Object value) {
    Set<String> paths = new TreeSet<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> paths.addAll(fields(path + "." + key, each)));
    } else if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        paths.addAll(fields(path + "[" + i + "]", list.get(i)));
      }
    } else {
      paths.add(path);
    }
    return paths;
  }

  @Test
  void whoGivesTheAgentsBackIsNoticed() {
    assertThat(Undoing.is(agents)).isFalse();
    assertThat(Undoing.is(Undoing.of(agents))).isTrue();
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
  void itIsEverywhereWhenEachNodeHasTheNewThing() {
    assertThat(Undoing.everywhere(agents)).isFalse();
    assertThat(Undoing.everywhere(status(1, 3, 3))).as("told of what was before").isFalse();
    assertThat(Undoing.everywhere(status(2, 3, 2))).as("an agent is there still").isFalse();
    assertThat(Undoing.everywhere(status(2, 3, 3))).isTrue();
  }

  @Test
  void itIsDoneWhenItHasEndedWellOnceOnEachNode() {
    assertThat(Undoing.done(List.of(ended("w1", 0), endedBefore("w2")))).isTrue();
    assertThat(Undoing.done(List.of(ended("w1", 0), ended("w2", 1)))).isFalse();
    assertThat(Undoing.done(List.of(ended("w1", 0), pod("w2").build()))).isFalse();
    assertThat(Undoing.done(List.of(agentThatEnded("w1")))).as("an agent, not this").isFalse();
  }

  @Test
  void theNodesThatAreLeftAreNamed() {
    Pod nowhere = new PodBuilder(pod("").build()).editSpec().withNodeName(null).endSpec().build();
    assertThat(
            Undoing.left(
                List.of(
                    ended("w3", 1),
                    agentThatEnded("w2"),
                    ended("w1", 0),
                    pod("w4").build(),
                    nowhere)))
        .containsExactly("w2", "w3", "w4");
  }

  private DaemonSet status(long seen, int nodes, int updated) {
    return new DaemonSetBuilder(agents)
        .withNewStatus()
        .withObservedGeneration(seen)
        .withDesiredNumberScheduled(nodes)
        .withUpdatedNumberScheduled(updated)
        .endStatus()
        .build();
  }

  private PodBuilder pod(String node) {
    return new PodBuilder()
        .withSpec(Undoing.of(agents).getSpec().getTemplate().getSpec())
        .editSpec()
        .withNodeName(node)
        .endSpec();
  }

  private Pod ended(String node, int exit) {
    return pod(node)
        .withNewStatus()
        .addNewContainerStatus()
        .withNewState()
        .withNewTerminated()
        .withExitCode(exit)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  /** And was started again. */
  private Pod endedBefore(String node) {
    return pod(node)
        .withNewStatus()
        .addNewContainerStatus()
        .withNewState()
        .withNewRunning()
        .endRunning()
        .endState()
        .withNewLastState()
        .withNewTerminated()
        .withExitCode(0)
        .endTerminated()
        .endLastState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private Pod agentThatEnded(String node) {
    return new PodBuilder(ended(node, 0))
        .withSpec(agents.getSpec().getTemplate().getSpec())
        .editSpec()
        .withNodeName(node)
        .endSpec()
        .build();
  }
}
