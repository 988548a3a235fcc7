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
}
