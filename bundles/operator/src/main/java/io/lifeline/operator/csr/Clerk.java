package io.lifeline.operator.csr;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.CertificateSigningRequestResource;
import io.lifeline.operator.Announcer;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the rulings on certificate requests. Idempotent. Any thread. */
public final class Clerk {

  private static final Logger LOG = LoggerFactory.getLogger(Clerk.class);

  private final KubernetesClient client;
  private final Announcer announcer;
  private final Duration enrolmentLife;
  private final Clock clock;

  public Clerk(KubernetesClient client, Announcer announcer, Duration enrolmentLife, Clock clock) {
    this.client = client;
    this.announcer = announcer;
    this.enrolmentLife = enrolmentLife;
    this.clock = clock;
  }

  /**
   * Rules on each request by the first policy that knows it.
   *
   * @param authority signs enrolments
   * @param about the object that Events on a refused request are about
   */
  public void rule(
      List<Request> requests,
      List<Policy> policies,
      Supplier<CertificateAuthority> authority,
      Function<Request, HasMetadata> about) {
    for (Request request : requests) {
      if (request.isOpen()) {
        policies.stream()
            .map(policy -> policy.rule(request))
            .flatMap(Optional::stream)
            .findFirst()
            .ifPresent(ruling -> carryOut(request, ruling, authority, about));
      }
    }
  }

  private void carryOut(
      Request request,
      Ruling ruling,
      Supplier<CertificateAuthority> authority,
      Function<Request, HasMetadata> about) {
    boolean pending = request.state() == Request.State.PENDING;
    if (ruling instanceof Ruling.Approve approve) {
      if (pending) {
        resource(request).approve(condition("Approved", approve.reason(), approve.message()));
        LOG.info("approved {} of {}: {}", request, request.username(), approve.message());
      }
      if (request.signer().equals(Request.ENROLMENT)) {
        sign(request, authority.get());
      }
    } else if (ruling instanceof Ruling.Deny deny && pending) {
      resource(request).deny(condition("Denied", deny.reason(), deny.message()));
      announcer.warning(
          about.apply(request),
          "RequestDenied",
          "The certificate request %s was denied: %s".formatted(request.name(), deny.message()));
    } else if (ruling instanceof Ruling.Remove remove && pending) {
      resource(request).delete();
      announcer.warning(
          about.apply(request),
          "RequestRemoved",
          "The certificate request %s was removed: %s".formatted(request.name(), remove.message()));
    } else if (ruling instanceof Ruling.Wait wait) {
      LOG.debug("{} waits: {}", request, wait.message());
    }
  }

  private void sign(Request request, CertificateAuthority authority) {
    Duration life =
        request.expiration().filter(e -> e.compareTo(enrolmentLife) < 0).orElse(enrolmentLife);
    try {
      X509Certificate leaf = authority.sign(request.pem(), CertificateAuthority.Usage.CLIENT, life);
      // With the authority's own, so that the agent knows what to pin.
      String chain = Pem.certificates(List.of(leaf, authority.certificate()));
      String encoded =
          Base64.getEncoder().encodeToString(chain.getBytes(StandardCharsets.US_ASCII));
      resource(request)
          .editStatus(
              csr -> {
                csr.getStatus().setCertificate(encoded);
                return csr;
              });
      LOG.info(
          "signed {} of {}, good until {}",
          request,
          request.username(),
          leaf.getNotAfter().toInstant());
    } catch (GeneralSecurityException e) {
      LOG.error("{} could not be signed: {}", request, e.getMessage());
    }
  }

  private CertificateSigningRequestResource<CertificateSigningRequest> resource(Request request) {
    return client.certificates().v1().certificateSigningRequests().withName(request.name());
  }

  private CertificateSigningRequestCondition condition(String type, String reason, String message) {
    String now = clock.instant().toString();
    return new CertificateSigningRequestConditionBuilder()
        .withType(type)
        .withStatus("True")
        .withReason("Lifeline" + reason)
        .withMessage(message)
        .withLastUpdateTime(now)
        .withLastTransitionTime(now)
        .build();
  }
}
