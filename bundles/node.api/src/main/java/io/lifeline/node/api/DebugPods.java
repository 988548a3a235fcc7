package io.lifeline.node.api;

import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.LogReader;
import java.util.List;
import java.util.Optional;

/** The pods on the backup node, as the kubelet API shows them. Any thread; does not block. */
public interface DebugPods {

  /** Every pod bound to the backup node, also those that are refused, with their status. */
  List<Pod> pods();

  /**
   * The running container of a pod.
   *
   * @param uid the pod's UID, or blank for whichever has this name
   * @return empty when there is no such pod or container, or it does not run
   */
  Optional<DebugContainer> container(String namespace, String pod, String uid, String container);

  /**
   * What the main process of a pod's container said, also when it has ended, for as long as the pod
   * is there.
   *
   * @param uid the pod's UID, or blank for whichever has this name
   * @return empty when there is no such pod or container, or it has not run under this agent
   */
  Optional<LogReader> logs(String namespace, String pod, String uid, String container);
}
