package io.lifeline.operator.csr;

import io.fabric8.kubernetes.api.model.Node;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.rescue.Readiness;
import io.lifeline.security.api.CertificateSubject;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Enrolment: an agent's own key is certified for the worker whose kubelet identity asks, and only
 * while that worker is Ready. The API server has authenticated {@code system:node:<worker>}; that
 * is what binds the certificate to the worker.
 */
public final class EnrolmentPolicy implements Policy {

  private static final String NODE = "system:node:";
  private static final Set<String> USAGES = Set.of("client auth", "digital signature");

  private final Request.Reader reader;
  private final Function<String, Optional<Node>> nodes;

  public EnrolmentPolicy(Request.Reader reader, Function<String, Optional<Node>> nodes) {
    this.reader = reader;
    this.nodes = nodes;
  }

  @Override
  public Optional<Ruling> rule(Request request) {
    return request.signer().equals(Request.ENROLMENT)
        ? Optional.of(ruling(request))
        : Optional.empty();
  }

  private Ruling ruling(Request request) {
    String username = request.username();
    if (!username.startsWith(NODE) || !request.groups().contains("system:nodes")) {
      return new Ruling.Deny(
          "NotANode",
          "An enrolment is requested with the kubelet's own identity, system:node:<worker>, not by %s."
              .formatted(username));
    }
    String worker = username.substring(NODE.length());
    CertificateSubject right =
        CertificateSubject.client("lifeline:agent:" + worker, "lifeline:agents");
    try {
      CertificateSubject asked = request.subject(reader);
      if (!asked.equals(right)) {
        return new Ruling.Deny(
            "WrongSubject",
            "%s may enrol as %s, in %s, without other names; it asked for %s."
                .formatted(username, right.commonName(), right.organizations(), said(asked)));
      }
    } catch (GeneralSecurityException e) {
      return new Ruling.Deny("Malformed", "The request cannot be read: " + e.getMessage() + ".");
    }
    if (!request.usages().equals(USAGES)) {
      return new Ruling.Deny(
          "WrongUsages",
          "The usages must be %s; they are %s.".formatted(List.copyOf(USAGES), request.usages()));
    }
    return ofWorker(worker);
  }

  private Ruling ofWorker(String worker) {
    Optional<Node> node = nodes.apply(worker);
    if (node.isEmpty()) {
      return new Ruling.Wait("NoNode", "There is no Node %s.".formatted(worker));
    }
    if (node.get().getMetadata().getLabels() != null
        && node.get().getMetadata().getLabels().containsKey(NodeDebug.BACKUP_OF)) {
      return new Ruling.Deny("BackupNode", "%s is a backup node.".formatted(worker));
    }
    if (!Readiness.of(node.get()).isTrue()) {
      return new Ruling.Wait(
          "NodeNotReady",
          "An agent enrols while its worker is Ready, and %s is not.".formatted(worker));
    }
    return new Ruling.Approve(
        "Enrolled", "The kubelet of %s, which is Ready, vouches for its agent.".formatted(worker));
  }

  static String said(CertificateSubject subject) {
    return "CN %s, O %s, DNS %s, IP %s"
        .formatted(
            subject.commonName(), subject.organizations(), subject.dnsNames(), subject.addresses());
  }
}
