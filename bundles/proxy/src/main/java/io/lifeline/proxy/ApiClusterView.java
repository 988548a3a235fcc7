package io.lifeline.proxy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Asks the API server. Any thread. */
record ApiClusterView(KubernetesClient client, String namespace) implements ClusterView {

  /** The Secret in which the operator keeps the bootstrap kubeconfigs. */
  private static final String SECRET = "lifeline-bootstrap";

  @Override
  public List<NodeDebug> nodeDebugs() {
    return client.resources(NodeDebug.class).list().getItems();
  }

  @Override
  public Optional<Boolean> ready(String node) {
    return Optional.ofNullable(client.nodes().withName(node).get()).map(ApiClusterView::ready);
  }

  private static boolean ready(Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  @Override
  public Optional<String> kubeconfig(String worker) {
    return Optional.ofNullable(client.secrets().inNamespace(namespace).withName(SECRET).get())
        .map(Secret::getData)
        .map(data -> data.get(worker))
        .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
  }
}
