package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.lifeline.session.api.ExitStatus;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The status of pods on the backup node. Pure, but for the time of day. */
final class PodStatusText {

  static final String ACCEPTED = "lifeline.io/Accepted";
  static final String REFUSED = "NotADebugPod";

  private final String address;
  private final InstantSource time;

  PodStatusText(String address, InstantSource time) {
    this.time = time;
    this.address = address;
  }

  /**
   * Refused, and Pending: its controller, if it has one, would make the next at once if it were
   * Failed. Each container waits for the reason: {@code kubectl debug} shows that to the person who
   * waits with it.
   */
  PodStatus refused(Pod pod, String why) {
    List<ContainerStatus> waiting =
        pod.getSpec().getContainers().stream()
            .map(
                container ->
                    status(container, "")
                        .withReady(false)
                        .withState(new ContainerStateBuilder().withNewWaiting(why, REFUSED).build())
                        .build())
            .toList();
    return new PodStatusBuilder()
        .withContainerStatuses(waiting)
        .withPhase("Pending")
        .withReason(REFUSED)
        .withMessage(why)
        .withConditions(condition(ACCEPTED, "False", REFUSED, why))
        .build();
  }

  PodStatus running(Pod pod, String containerId, String startedAt) {
    ContainerStatus container =
        container(pod, containerId)
            .withReady(true)
            .withStarted(true)
            .withState(
                new ContainerStateBuilder()
                    .withNewRunning()
                    .withStartedAt(startedAt)
                    .endRunning()
                    .build())
            .build();
    return base(startedAt)
        .withPhase("Running")
        .withConditions(
            condition(ACCEPTED, "True", "DebugPod", "every check passed"),
            condition("Initialized", "True", "", ""),
            condition("Ready", "True", "", ""),
            condition("ContainersReady", "True", "", ""),
            condition("PodScheduled", "True", "", ""))
        .withContainerStatuses(container)
        .build();
  }

  PodStatus ended(Pod pod, String containerId, String startedAt, ExitStatus exit) {
    int code = exit.shellCode();
    String reason = code == 0 ? "Completed" : "Error";
    ContainerStatus container =
        container(pod, containerId)
            .withReady(false)
            .withStarted(false)
            .withState(
                new ContainerStateBuilder()
                    .withNewTerminated()
                    .withContainerID(id(containerId))
                    .withExitCode(code)
                    .withReason(reason)
                    .withStartedAt(startedAt)
                    .withFinishedAt(now())
                    .endTerminated()
                    .build())
            .build();
    return base(startedAt)
        .withPhase(code == 0 ? "Succeeded" : "Failed")
        .withConditions(
            condition("Initialized", "True", "PodCompleted", ""),
            condition("Ready", "False", "PodCompleted", ""),
            condition("ContainersReady", "False", "PodCompleted", ""),
            condition("PodScheduled", "True", "", ""))
        .withContainerStatuses(container)
        .build();
  }

  /** The container could not be created: like the kubelet, say it as a waiting state. */
  PodStatus broken(Pod pod, String why) {
    ContainerStatus container =
        container(pod, "")
            .withReady(false)
            .withState(
                new ContainerStateBuilder().withNewWaiting(why, "CreateContainerError").build())
            .build();
    return new PodStatusBuilder()
        .withPhase("Pending")
        .withConditions(condition(ACCEPTED, "True", "DebugPod", "every check passed"))
        .withContainerStatuses(container)
        .build();
  }

  private PodStatusBuilder base(String startedAt) {
    return new PodStatusBuilder()
        .withHostIP(address)
        .withPodIP(address)
        .addNewPodIP(address)
        .withStartTime(startedAt)
        .withReason("")
        .withMessage("");
  }

  private static ContainerStatusBuilder container(Pod pod, String containerId) {
    return status(pod.getSpec().getContainers().get(0), containerId);
  }

  private static ContainerStatusBuilder status(Container container, String containerId) {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID("")
        .withContainerID(containerId.isEmpty() ? null : id(containerId))
        .withRestartCount(0);
  }

  private static String id(String containerId) {
    return "lifeline://" + containerId;
  }

  private PodCondition condition(String type, String status, String reason, String message) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason.isEmpty() ? null : reason)
        .withMessage(message.isEmpty() ? null : message)
        .withLastTransitionTime(now())
        .build();
  }

  String now() {
    return now(time);
  }

  static String now(InstantSource time) {
    return time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
