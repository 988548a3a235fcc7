package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is wrong with a pod as the debug pod: checks 742 to 750 of figure 7B, and its whole shape
 * (threat T7). Pure. Each sentence says what is asked for.
 */
final class PodChecks {

  private final PodSettings settings;

  PodChecks(PodSettings settings) {
    this.settings = settings;
  }

  /** Empty when the pod is accepted. */
  List<String> failures(Pod pod) {
    List<String> failures = new ArrayList<>();
    PodSpec spec = pod.getSpec();
    if (!settings.namespace().equals(pod.getMetadata().getNamespace())) {
      failures.add(
          "namespace is %s: it must be %s"
              .formatted(pod.getMetadata().getNamespace(), settings.namespace()));
    }
    if (!Boolean.TRUE.equals(spec.getHostNetwork())) {
      failures.add("hostNetwork is not true: set spec.hostNetwork: true");
    }
    if (!Boolean.TRUE.equals(spec.getHostPID())) {
      failures.add("hostPID is not true: set spec.hostPID: true");
    }
    if (spec.getContainers().size() != 1
        || !spec.getInitContainers().isEmpty()
        || !spec.getEphemeralContainers().isEmpty()) {
      failures.add("it must have exactly one container, and no init or ephemeral ones");
    }
    for (Container container : spec.getContainers()) {
      checkContainer(container, isOfKubectlDebug(pod), failures);
    }
    checkVolumes(pod, failures);
    return failures;
  }

  /** Kubectl marks its debug pods since 1.31; before, their names must do. */
  private static boolean isOfKubectlDebug(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return pod.getMetadata().getName().startsWith("node-debugger-")
        || (labels != null && "kubectl-debug".equals(labels.get("app.kubernetes.io/managed-by")));
  }

  private void checkContainer(Container container, boolean ofKubectl, List<String> failures) {
    boolean privileged =
        container.getSecurityContext() != null
            && Boolean.TRUE.equals(container.getSecurityContext().getPrivileged());
    if (!privileged) {
      failures.add(
          "container %s is not privileged: %s"
              .formatted(
                  container.getName(),
                  ofKubectl
                      ? "say 'kubectl debug --profile=sysadmin', which kubectl has since 1.30; with"
                          + " an older one apply a pod like"
                          + " container/manifests/examples/debug-pod.yaml"
                      : "set securityContext.privileged: true"));
    }
    boolean takesFromCluster =
        !container.getEnvFrom().isEmpty()
            || container.getEnv().stream().anyMatch(variable -> variable.getValueFrom() != null);
    if (takesFromCluster) {
      failures.add(
          "container %s takes variables from the cluster: only plain values are allowed"
              .formatted(container.getName()));
    }
  }

  private void checkVolumes(Pod pod, List<String> failures) {
    Set<String> ignored =
        pod.getSpec().getVolumes().stream()
            .filter(PodChecks::isServiceAccountToken)
            .map(Volume::getName)
            .collect(Collectors.toSet());
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (!ignored.contains(volume.getName()) && !isRoot(volume)) {
        failures.add(
            "volume %s is not the worker's /: only that may be mounted"
                .formatted(volume.getName()));
      }
    }
    if (rootMount(pod).isEmpty()) {
      failures.add(
          "the worker's / is not mounted at %s: add a hostPath volume with path / and mount it there"
              .formatted(settings.mountPath()));
    }
    for (Container container : pod.getSpec().getContainers()) {
      for (VolumeMount mount : container.getVolumeMounts()) {
        if (!ignored.contains(mount.getName())
            && !settings.mountPath().equals(mount.getMountPath())) {
          failures.add(
              "container %s mounts %s at %s: only %s is allowed"
                  .formatted(
                      container.getName(),
                      mount.getName(),
                      mount.getMountPath(),
                      settings.mountPath()));
        }
      }
    }
  }

  private Optional<VolumeMount> rootMount(Pod pod) {
    Set<String> roots =
        pod.getSpec().getVolumes().stream()
            .filter(PodChecks::isRoot)
            .map(Volume::getName)
            .collect(Collectors.toSet());
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getVolumeMounts().stream())
        .filter(mount -> roots.contains(mount.getName()))
        .filter(mount -> settings.mountPath().equals(mount.getMountPath()))
        .filter(mount -> mount.getSubPath() == null || mount.getSubPath().isEmpty())
        .findFirst();
  }

  private static boolean isRoot(Volume volume) {
    HostPathVolumeSource path = volume.getHostPath();
    return path != null && "/".equals(path.getPath());
  }

  /**
   * The volume that the API server adds to every pod: projected since 1.21, before that a Secret.
   * It is not mounted here.
   */
  private static boolean isServiceAccountToken(Volume volume) {
    boolean projected =
        volume.getProjected() != null
            && volume.getName().startsWith("kube-api-access-")
            && volume.getProjected().getSources().stream()
                .anyMatch(source -> source.getServiceAccountToken() != null);
    boolean secret =
        volume.getSecret() != null
            && String.valueOf(volume.getSecret().getSecretName()).contains("-token-")
            && volume.getName().equals(volume.getSecret().getSecretName());
    return projected || secret;
  }
}
