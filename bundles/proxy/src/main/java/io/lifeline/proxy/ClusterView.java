package io.lifeline.proxy;

import io.lifeline.crd.NodeDebug;
import java.util.List;
import java.util.Optional;

/** What the decision has to know of the cluster; each is asked afresh. */
interface ClusterView {

  /** All NodeDebugs. */
  List<NodeDebug> nodeDebugs();

  /** Whether a Node is Ready; empty when there is no such Node. */
  Optional<Boolean> ready(String node);

  /** The kept bootstrap kubeconfig of a worker. */
  Optional<String> kubeconfig(String worker);
}
