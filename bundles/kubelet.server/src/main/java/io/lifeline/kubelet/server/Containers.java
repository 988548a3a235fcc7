package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.node.api.DebugPods;
import io.lifeline.session.api.DebugContainer;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Finds what a route names, or says in the kubelet's words that it is not there. */
final class Containers {

  private final Seam<DebugPods> pods;

  Containers(Seam<DebugPods> pods) {
    this.pods = pods;
  }

  /** A container of a pod, and its description. */
  record Found(Pod pod, Container description, DebugContainer container) {}

  Pod pod(PodPath path) throws RefusedException {
    return service().pods().stream()
        .filter(pod -> path.namespace().equals(pod.getMetadata().getNamespace()))
        .filter(pod -> path.pod().equals(pod.getMetadata().getName()))
        .filter(pod -> path.uid().isEmpty() || path.uid().equals(pod.getMetadata().getUid()))
        .findFirst()
        .orElseThrow(
            () -> new RefusedException(HttpResponseStatus.NOT_FOUND, "pod does not exist"));
  }

  /** The pod's container, which runs. */
  Found running(PodPath path) throws RefusedException {
    Pod pod = pod(path);
    Container description = description(pod, path);
    DebugContainer container =
        service()
            .container(path.namespace(), path.pod(), path.uid(), path.container())
            .orElseThrow(() -> noContainer(path));
    return new Found(pod, description, container);
  }

  /** The pod's container, whether it runs or not. */
  Container description(Pod pod, PodPath path) throws RefusedException {
    return pod.getSpec().getContainers().stream()
        .filter(container -> path.container().equals(container.getName()))
        .findFirst()
        .orElseThrow(() -> noContainer(path));
  }

  DebugPods service() throws RefusedException {
    return pods.orRefuse(HttpResponseStatus.SERVICE_UNAVAILABLE);
  }

  private static RefusedException noContainer(PodPath path) {
    return new RefusedException(
        HttpResponseStatus.NOT_FOUND, "container not found (\"%s\")".formatted(path.container()));
  }
}
