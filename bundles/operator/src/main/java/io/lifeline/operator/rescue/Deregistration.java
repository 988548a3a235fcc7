package io.lifeline.operator.rescue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.csr.Request;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what a backup node leaves behind: a node may not delete itself. Each step idempotent. */
public final class Deregistration {

  private static final Logger LOG = LoggerFactory.getLogger(Deregistration.class);
  private static final String LEASES = "kube-node-lease";

  private final KubernetesClient client;

  public Deregistration(KubernetesClient client) {
    this.client = client;
  }

  /** Asks the agent to end by itself. */
  void askToEnd(Node backup) {
    String annotations =
        "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}".formatted(NodeDebug.WITHDRAW);
    if (backup.getMetadata().getAnnotations() == null
        || !"true".equals(backup.getMetadata().getAnnotations().get(NodeDebug.WITHDRAW))) {
      client
          .nodes()
          .withName(backup.getMetadata().getName())
          .patch(PatchContext.of(PatchType.JSON_MERGE), annotations);
    }
  }

  /**
   * Removes the Node as it was seen, so that one which came in the meantime stays.
   *
   * @return whether it is gone; false when it has changed and has to be looked at again
   */
  boolean removeNode(Node backup) {
    try {
      client
          .nodes()
          .withName(backup.getMetadata().getName())
          .lockResourceVersion(backup.getMetadata().getResourceVersion())
          .delete();
      LOG.info("deregistered the backup node {}", backup.getMetadata().getName());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      return false;
    }
  }

  /** The Lease and the pods that a removed Node leaves. */
  void removeRest(String backup) {
    client.leases().inNamespace(LEASES).withName(backup).delete();
    for (Pod pod : pods(backup)) {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .withGracePeriod(0)
          .delete();
      LOG.info(
          "removed the pod {}/{} of {}",
          pod.getMetadata().getNamespace(),
          pod.getMetadata().getName(),
          backup);
    }
  }

  /** The requests of a worker's bootstrap identity and of its backup node. */
  void removeRequests(List<Request> requests, Predicate<Request> which) {
    for (Request request : requests) {
      if (which.test(request)) {
        client.certificates().v1().certificateSigningRequests().withName(request.name()).delete();
        LOG.info("removed {} of {}", request, request.username());
      }
    }
  }

  /** The Node of this name, if it is a backup node. */
  Optional<Node> backupNode(String name) {
    return Optional.ofNullable(client.nodes().withName(name).get())
        .filter(
            node ->
                node.getMetadata().getLabels() != null
                    && node.getMetadata().getLabels().containsKey(NodeDebug.BACKUP_OF));
  }

  /** Its Lease's renewTime as it is written; blank when there is none. */
  String leaseRenewed(String backup) {
    return Optional.ofNullable(client.leases().inNamespace(LEASES).withName(backup).get())
        .map(lease -> lease.getSpec())
        .map(spec -> spec.getRenewTime())
        .map(Object::toString)
        .orElse("");
  }

  /** The pods that are bound to a Node. */
  List<Pod> pods(String node) {
    return client.pods().inAnyNamespace().withField("spec.nodeName", node).list().getItems();
  }
}
