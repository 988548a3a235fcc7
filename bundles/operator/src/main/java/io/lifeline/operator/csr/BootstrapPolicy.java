package io.lifeline.operator.csr;

import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.bootstrap.BootstrapIdentities;
import io.lifeline.security.api.CertificateSubject;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one request that a bootstrap identity may make: its own worker's backup node, for a live
 * NodeDebug, exactly. That one is left to a person; every other is denied.
 */
public final class BootstrapPolicy implements Policy {

  private static final Set<String> USAGES =
      Set.of("digital signature", "key encipherment", "client auth");

  private final Request.Reader reader;
  private final BootstrapIdentities identities;
  private final Duration lifeMost;
  private final boolean lifeIsKept;

  /**
   * @param lifeIsKept whether this API server keeps the life that a request asks for (from 1.22 on)
   */
  public BootstrapPolicy(
      Request.Reader reader,
      BootstrapIdentities identities,
      Duration lifeMost,
      boolean lifeIsKept) {
    this.reader = reader;
    this.identities = identities;
    this.lifeMost = lifeMost;
    this.lifeIsKept = lifeIsKept;
  }

  @Override
  public Optional<Ruling> rule(Request request) {
    return identities.bootstraps(request.username())
        ? Optional.of(ruling(request))
        : Optional.empty();
  }

  private Ruling ruling(Request request) {
    String who = request.username();
    if (!request.signer().equals(Request.NODE_CLIENT)) {
      return new Ruling.Remove(
          "WrongSigner",
          "%s may request from %s only, not from %s."
              .formatted(who, Request.NODE_CLIENT, request.signer()));
    }
    List<CertificateSubject> right =
        identities.liveWorkers(who).stream().map(BootstrapPolicy::backupNode).toList();
    if (right.isEmpty()) {
      return deny("NoNodeDebug", "There is no live NodeDebug whose bootstrap identity is %s.", who);
    }
    try {
      CertificateSubject asked = request.subject(reader);
      if (!right.contains(asked)) {
        return deny(
            "WrongSubject",
            "%s may ask for CN %s in [system:nodes] without other names; it asked for %s.",
            who,
            right.stream().map(CertificateSubject::commonName).toList(),
            EnrolmentPolicy.said(asked));
      }
    } catch (GeneralSecurityException e) {
      return deny("Malformed", "The request cannot be read: " + e.getMessage() + ".");
    }
    if (!USAGES.containsAll(request.usages()) || !request.usages().contains("client auth")) {
      return deny(
          "WrongUsages",
          "The usages must be client auth, digital signature and at most key encipherment; they are"
              + " %s.",
          request.usages());
    }
    return life(request);
  }

  private static CertificateSubject backupNode(String worker) {
    return CertificateSubject.client("system:node:" + NodeDebug.backupNode(worker), "system:nodes");
  }

  private Ruling life(Request request) {
    if (!lifeIsKept) {
      return new Ruling.ForAPerson();
    }
    Optional<Duration> asked = request.expiration();
    if (asked.isEmpty() || asked.get().compareTo(lifeMost) > 0) {
      return deny(
          "LifeTooLong",
          "The request must ask for a life of at most %d s (spec.expirationSeconds); it asks for"
              + " %s.",
          lifeMost.toSeconds(),
          asked.map(life -> life.toSeconds() + " s").orElse("whatever the signer gives"));
    }
    return new Ruling.ForAPerson();
  }

  private static Ruling deny(String reason, String message, Object... about) {
    return new Ruling.Deny(reason, about.length == 0 ? message : message.formatted(about));
  }
}
