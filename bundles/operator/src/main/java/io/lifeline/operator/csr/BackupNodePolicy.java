package io.lifeline.operator.csr;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.claim.Claims;
import io.lifeline.security.api.CertificateSubject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a backup node itself may ask for: a serving certificate with its worker's addresses, while
 * its NodeDebug is live. A new client certificate it gets by a person's approval only, so its own
 * request for one is denied before an approver of the cluster takes it for a kubelet's rotation.
 */
public final class BackupNodePolicy implements Policy {

  private static final String NODE = "system:node:";
  private static final String SUFFIX = NodeDebug.backupNode("");
  private static final Set<String> USAGES =
      Set.of("digital signature", "key encipherment", "server auth");

  private final Request.Reader reader;
  private final Claims claims;
  private final Function<String, Optional<Node>> nodes;

  public BackupNodePolicy(
      Request.Reader reader, Claims claims, Function<String, Optional<Node>> nodes) {
    this.reader = reader;
    this.claims = claims;
    this.nodes = nodes;
  }

  @Override
  public Optional<Ruling> rule(Request request) {
    String username = request.username();
    if (!username.startsWith(NODE) || !username.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String backup = username.substring(NODE.length());
    String worker = backup.substring(0, backup.length() - SUFFIX.length());
    if (!ours(worker, backup)) {
      return Optional.empty();
    }
    return switch (request.signer()) {
      case Request.NODE_SERVING -> Optional.of(serving(request, worker, backup));
      case Request.NODE_CLIENT ->
          Optional.of(
              new Ruling.Deny(
                  "NoRenewal",
                  "A backup node does not renew its certificate by itself: its agent asks with the"
                      + " bootstrap identity, and a person approves."));
      default -> Optional.empty();
    };
  }

  // A cluster may have a Node of its own whose name ends like this.
  private boolean ours(String worker, String backup) {
    return claims.owner(worker).isPresent()
        || nodes
            .apply(backup)
            .map(node -> node.getMetadata().getLabels())
            .filter(labels -> labels.containsKey(NodeDebug.BACKUP_OF))
            .isPresent();
  }

  private Ruling serving(Request request, String worker, String backup) {
    if (claims.live(worker).isEmpty()) {
      return deny("NoNodeDebug", "There is no live NodeDebug for %s.", worker);
    }
    Optional<Node> node = nodes.apply(worker);
    if (node.isEmpty()) {
      return deny("NoNode", "There is no Node %s whose addresses it could have.", worker);
    }
    CertificateSubject asked;
    try {
      asked = request.subject(reader);
    } catch (GeneralSecurityException e) {
      return deny("Malformed", "The request cannot be read: " + e.getMessage() + ".");
    }
    Set<String> addresses =
        addresses(node.get()).map(BackupNodePolicy::plain).collect(Collectors.toSet());
    Set<String> names =
        Stream.concat(Stream.of(worker, backup), addresses(node.get())).collect(Collectors.toSet());
    if (!asked.commonName().equals(NODE + backup)
        || !asked.organizations().equals(List.of("system:nodes"))
        || !addresses.containsAll(asked.addresses().stream().map(BackupNodePolicy::plain).toList())
        || !names.containsAll(asked.dnsNames())) {
      return deny(
          "WrongSubject",
          "%s may serve as CN %s in [system:nodes] at the addresses of %s, %s; it asked for %s.",
          backup,
          NODE + backup,
          worker,
          addresses,
          EnrolmentPolicy.said(asked));
    }
    if (!USAGES.containsAll(request.usages()) || !request.usages().contains("server auth")) {
      return deny(
          "WrongUsages",
          "The usages must be server auth, digital signature and at most key encipherment; they are"
              + " %s.",
          request.usages());
    }
    return new Ruling.Approve(
        "BackupNode", "It has the addresses of %s and its NodeDebug is live.".formatted(worker));
  }

  private static Stream<String> addresses(Node node) {
    return node.getStatus() == null || node.getStatus().getAddresses() == null
        ? Stream.empty()
        : node.getStatus().getAddresses().stream().map(NodeAddress::getAddress);
  }

  /** One spelling for each IPv6 address; names stay as they are. */
  private static String plain(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      return InetAddress.getByName(address).getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }

  private static Ruling deny(String reason, String message, Object... about) {
    return new Ruling.Deny(reason, about.length == 0 ? message : message.formatted(about));
  }
}
