package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The container that a pod asks for; its image is ignored. Pure. */
final class ContainerShape {

  private ContainerShape() {}

  static ContainerSpec of(Pod pod, String hostname, String mountPath) {
    Container container = pod.getSpec().getContainers().get(0);
    List<String> command = new ArrayList<>(container.getCommand());
    command.addAll(container.getArgs());
    Map<String, String> environment = new LinkedHashMap<>();
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), String.valueOf(variable.getValue()));
    }
    return new ContainerSpec(
        id(pod),
        hostname,
        command,
        environment,
        mountPath,
        Boolean.TRUE.equals(container.getTty()),
        input(container));
  }

  private static ContainerInput input(Container container) {
    if (!Boolean.TRUE.equals(container.getStdin())) {
      return ContainerInput.NONE;
    }
    return Boolean.TRUE.equals(container.getStdinOnce())
        ? ContainerInput.ONCE
        : ContainerInput.OPEN;
  }

  static String id(Pod pod) {
    return "debug-" + pod.getMetadata().getUid();
  }
}
