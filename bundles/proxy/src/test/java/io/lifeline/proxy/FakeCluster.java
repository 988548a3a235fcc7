package io.lifeline.proxy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.Condition;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.crd.NodeDebugStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster of maps. */
final class FakeCluster implements ClusterView {

  final List<NodeDebug> nodeDebugs = new ArrayList<>();
  final Map<String, Boolean> ready = new HashMap<>();
  final Map<String, String> kubeconfigs = new HashMap<>();
  boolean reachable = true;

  static NodeDebug accepted(String name, String worker) {
    NodeDebug nd = new NodeDebug();
    nd.setMetadata(new ObjectMetaBuilder().withName(name).withUid("uid-" + name).build());
    nd.setSpec(new NodeDebugSpec(worker, null));
    return accepted(nd, "True");
  }

  static NodeDebug accepted(NodeDebug nd, String status) {
    nd.setStatus(
        new NodeDebugStatus(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(new Condition("Accepted", status, "R", "m", "t"))));
    return nd;
  }

  private void ask() {
    if (!reachable) {
      throw new KubernetesClientException("connection refused");
    }
  }

  @Override
  public List<NodeDebug> nodeDebugs() {
    ask();
    return nodeDebugs;
  }

  @Override
  public Optional<Boolean> ready(String node) {
    ask();
    return Optional.ofNullable(ready.get(node));
  }

  @Override
  public Optional<String> kubeconfig(String worker) {
    ask();
    return Optional.ofNullable(kubeconfigs.get(worker));
  }
}
