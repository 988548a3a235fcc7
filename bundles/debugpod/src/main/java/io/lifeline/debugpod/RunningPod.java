package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.session.api.DebugContainer;

/**
 * The pod that has the container.
 *
 * @param startedAt for its status, RFC 3339
 */
record RunningPod(Pod pod, DebugContainer container, String startedAt) {

  String uid() {
    return pod.getMetadata().getUid();
  }

  boolean is(Pod other) {
    return uid().equals(other.getMetadata().getUid());
  }

  /**
   * Whether a route's names mean its container.
   *
   * @param uid the pod's UID, or blank for whichever has this name
   */
  boolean means(String namespace, String name, String uid, String containerName) {
    return pod.getMetadata().getNamespace().equals(namespace)
        && pod.getMetadata().getName().equals(name)
        && (uid.isBlank() || uid().equals(uid))
        && pod.getSpec().getContainers().get(0).getName().equals(containerName);
  }
}
