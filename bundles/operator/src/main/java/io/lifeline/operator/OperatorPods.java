package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The operators of this cluster, as {@code container/manifests} labels them.
 *
 * @param namespace where they are
 */
record OperatorPods(KubernetesClient client, String namespace) implements Succession.Cluster {

  @Override
  public List<NodeDebug> nodeDebugs() {
    return client.resources(NodeDebug.class).list().getItems();
  }

  @Override
  public Set<String> operatorNodes() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems()
        .stream()
        .filter(OperatorPods::isReady)
        .map(pod -> pod.getSpec().getNodeName())
        .collect(Collectors.toSet());
  }

  private static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus().getConditions().stream()
            .anyMatch(one -> one.getType().equals("Ready") && one.getStatus().equals("True"));
  }
}
