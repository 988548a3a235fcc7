package io.lifeline.removal;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import java.util.List;
import java.util.Optional;

/**
 * The agents' DaemonSet, changed so that each agent ends, and then what it kept on its node goes.
 * Kubernetes does that on all nodes at once, in this order on each; and who may change this
 * DaemonSet has every node anyway, so nobody is given a new way to disarm an agent. Pure.
 */
final class Undoing {

  /** The container that takes away what is on a node. */
  private static final String STEP = "remove";

  /** The agent's own tmpfs, as the worker sees it; none is as good. */
  private static final String SCRIPT =
      "state=${LIFELINE_STATE_DIR:-/run/lifeline};"
          + " nsenter -t 1 -m -- sh -c"
          + " 'umount -l \"$1\" 2>/dev/null; [ ! -e \"$1\" ] || rmdir \"$1\"' sh \"$state\"";

  private Undoing() {}

  /** With the agent's own image, rights and variables; what stays then only waits. */
  static DaemonSet of(DaemonSet agents) {
    Container agent = agents.getSpec().getTemplate().getSpec().getContainers().get(0);
    return new DaemonSetBuilder(agents)
        .editSpec()
        .withNewUpdateStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withMaxUnavailable(new IntOrString("100%"))
        .endRollingUpdate()
        .endUpdateStrategy()
        .editTemplate()
        .editSpec()
        .withInitContainers(doing(agent, STEP, "sh", "-c", SCRIPT))
        .withContainers(doing(agent, agent.getName(), "sleep", "infinity"))
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Container doing(Container agent, String name, String... command) {
    return new ContainerBuilder(agent)
        .withName(name)
        .withCommand(command)
        .withArgs()
        .withStartupProbe(null)
        .build();
  }

  /** Whether it is done on all nodes. */
  static boolean done(DaemonSet undoing) {
    DaemonSetStatus status =
        Optional.ofNullable(undoing.getStatus()).orElseGet(DaemonSetStatus::new);
    int nodes = number(status.getDesiredNumberScheduled());
    return Optional.ofNullable(status.getObservedGeneration()).orElse(-1L)
            >= undoing.getMetadata().getGeneration()
        && number(status.getUpdatedNumberScheduled()) == nodes
        && number(status.getNumberReady()) == nodes;
  }

  private static int number(Integer given) {
    return given == null ? 0 : given;
  }

  /** The nodes where it is not, by name. */
  static List<String> left(List<Pod> agents) {
    return agents.stream()
        .filter(pod -> pod.getSpec().getNodeName() != null && !done(pod))
        .map(pod -> pod.getSpec().getNodeName())
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean done(Pod pod) {
    List<ContainerStatus> first =
        Optional.ofNullable(pod.getStatus())
            .map(PodStatus::getInitContainerStatuses)
            .orElse(List.of());
    return first.stream()
        .anyMatch(step -> step.getName().equals(STEP) && Boolean.TRUE.equals(step.getReady()));
  }
}
