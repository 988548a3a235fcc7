package io.lifeline.removal;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The agents' DaemonSet, changed so that each agent ends, and then what it kept on its node goes.
 * Kubernetes does that on all nodes at once, in this order on each; and who may change this
 * DaemonSet has every node anyway, so nobody is given a new way to disarm an agent. Pure.
 *
 * <p>Only what the manifest itself says is changed: {@code kubectl apply} and Helm put that back,
 * and leave alone what they never said. So a removal that was stopped is undone by installing.
 */
final class Undoing {

  /**
   * The agent's own tmpfs, as the worker sees it, goes; none is as good. Its end with 0 is how one
   * knows: the kubelet starts it again, which changes nothing.
   */
  private static final List<String> COMMAND =
      List.of(
          "sh",
          "-c",
          "state=${LIFELINE_STATE_DIR:-/run/lifeline};"
              + " nsenter -t 1 -m -- sh -c"
              + " 'umount -l \"$1\" 2>/dev/null; [ ! -e \"$1\" ] || rmdir \"$1\"' sh \"$state\"");

  private Undoing() {}

  /** With the agent's own image, rights and variables. */
  static DaemonSet of(DaemonSet agents) {
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
        .editFirstContainer()
        .withCommand(COMMAND)
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Whether nobody has made it one of agents again. */
  static boolean is(DaemonSet undoing) {
    return undoes(undoing.getSpec().getTemplate().getSpec().getContainers());
  }

  private static boolean undoes(List<Container> containers) {
    return containers.stream().anyMatch(each -> COMMAND.equals(each.getCommand()));
  }

  /** Whether each node has a pod of it instead of an agent's. */
  static boolean everywhere(DaemonSet undoing) {
    DaemonSetStatus status =
        Optional.ofNullable(undoing.getStatus()).orElseGet(DaemonSetStatus::new);
    return Optional.ofNullable(status.getObservedGeneration()).orElse(-1L)
            >= undoing.getMetadata().getGeneration()
        && number(status.getUpdatedNumberScheduled()) == number(status.getDesiredNumberScheduled());
  }

  private static int number(Integer given) {
    return given == null ? 0 : given;
  }

  /** Whether what was to be done is done in these pods. */
  static boolean done(List<Pod> pods) {
    return pods.stream().allMatch(Undoing::done);
  }

  /** The nodes where it is not, by name. */
  static List<String> left(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getSpec().getNodeName() != null && !done(pod))
        .map(pod -> pod.getSpec().getNodeName())
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean done(Pod pod) {
    List<ContainerStatus> statuses =
        Optional.ofNullable(pod.getStatus()).map(PodStatus::getContainerStatuses).orElse(List.of());
    return undoes(pod.getSpec().getContainers())
        && statuses.stream()
            .flatMap(status -> Stream.of(status.getState(), status.getLastState()))
            .flatMap(
                state -> Optional.ofNullable(state).map(ContainerState::getTerminated).stream())
            .map(ContainerStateTerminated::getExitCode)
            .anyMatch(Integer.valueOf(0)::equals);
  }
}
