package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.claim.Claims;
import io.lifeline.operator.csr.BackupNodePolicy;
import io.lifeline.operator.csr.EnrolmentPolicy;
import io.lifeline.operator.csr.Request;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The certificate requests that somebody waits for: a backup node that comes up, an agent that arms
 * itself. Apart from {@link Pass}, so that they do not wait for the rest, and in a thread of its
 * own.
 */
final class QuickPass {

  private final Pass.Parts parts;

  QuickPass(Pass.Parts parts) {
    this.parts = parts;
  }

  void run() {
    KubernetesClient client = parts.client();
    List<Request> open =
        client.certificates().v1().certificateSigningRequests().list().getItems().stream()
            .map(Request::new)
            .filter(Request::isOpen)
            .toList();
    if (open.isEmpty()) {
      return;
    }
    Claims claims = Claims.of(client.resources(NodeDebug.class).list().getItems());
    Function<String, Optional<Node>> nodes =
        name -> Optional.ofNullable(client.nodes().withName(name).get());
    parts
        .clerk()
        .rule(
            open,
            List.of(
                new BackupNodePolicy(parts.reader(), claims, nodes),
                new EnrolmentPolicy(parts.reader(), nodes)),
            parts.authority()::authority,
            about(claims));
  }

  /** The NodeDebug that a request belongs to, else the request itself. */
  static Function<Request, HasMetadata> about(Claims claims) {
    return request ->
        claims.owner(workerOf(request)).<HasMetadata>map(Claim::nodeDebug).orElse(request.csr());
  }

  private static String workerOf(Request request) {
    String user = request.username();
    String name = user.substring(user.lastIndexOf(':') + 1);
    return user.startsWith("system:node:") ? NodeDebug.worker(name).orElse(name) : name;
  }
}
