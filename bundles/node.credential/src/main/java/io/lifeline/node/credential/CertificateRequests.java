package io.lifeline.node.credential;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import io.lifeline.security.api.CertificateDates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** CertificateSigningRequests, as any identity. Blocks for one request to the API server each. */
final class CertificateRequests {

  /** Since 1.22 a request names its life; less than this the API server refuses. */
  private static final Duration LEAST_LIFE = Duration.ofMinutes(10);

  /**
   * Who signs, and for what. The kubelet's signers up to 1.26 insist on key encipherment also for
   * EC keys; later ones take it or leave it.
   */
  enum Signer {
    /** The backup node's client certificate; a person approves. */
    NODE_CLIENT(
        "kubernetes.io/kube-apiserver-client-kubelet",
        "digital signature",
        "key encipherment",
        "client auth"),
    /** The backup node's serving certificate; the operator approves. */
    NODE_SERVING(
        "kubernetes.io/kubelet-serving", "digital signature", "key encipherment", "server auth"),
    /** The agent's own certificate; the operator approves and signs. */
    AGENT("lifeline.io/agent", "digital signature", "client auth");

    private final String id;
    private final List<String> usages;

    Signer(String id, String... usages) {
      this.id = id;
      this.usages = List.of(usages);
    }
  }

  /** A request's name and its content, so that the two cannot be crossed. */
  record Wish(String name, String requestPem, Signer signer, Duration life) {}

  /**
   * Creates a request.
   *
   * @return the API server's own time of creation, RFC 3339
   */
  String create(KubernetesClient client, Wish wish) throws CredentialException {
    long seconds = Math.max(wish.life().toSeconds(), LEAST_LIFE.toSeconds());
    CertificateSigningRequest request =
        new CertificateSigningRequestBuilder()
            .withNewMetadata()
            .withName(wish.name())
            .addToLabels("app.kubernetes.io/managed-by", "lifeline")
            .endMetadata()
            .withNewSpec()
            .withSignerName(wish.signer().id)
            .withRequest(base64(wish.requestPem()))
            .withUsages(wish.signer().usages)
            .withExpirationSeconds((int) Math.min(seconds, Integer.MAX_VALUE))
            .endSpec()
            .build();
    try {
      return client.resource(request).create().getMetadata().getCreationTimestamp();
    } catch (KubernetesClientException e) {
      throw unreachable("create the certificate request " + wish.name(), e);
    }
  }

  /** The issued certificate chain in PEM, with the request it was issued for. */
  record Issued(String certificatePem, String createdAt) {}

  /**
   * Looks at a request.
   *
   * @return empty while it waits
   * @throws CredentialException of kind DENIED when it was denied, failed or has gone
   */
  Optional<Issued> look(KubernetesClient client, String name) throws CredentialException {
    CertificateSigningRequest request;
    try {
      request = client.certificates().v1().certificateSigningRequests().withName(name).get();
    } catch (KubernetesClientException e) {
      throw unreachable("look at the certificate request " + name, e);
    }
    if (request == null) {
      throw new CredentialException(
          Kind.DENIED, "the certificate request %s has gone; requesting anew".formatted(name));
    }
    List<CertificateSigningRequestCondition> conditions =
        request.getStatus() == null ? List.of() : request.getStatus().getConditions();
    for (CertificateSigningRequestCondition condition : conditions) {
      if (List.of("Denied", "Failed").contains(condition.getType())) {
        throw new CredentialException(
            Kind.DENIED,
            "the certificate request %s was %s: %s"
                .formatted(
                    name, condition.getType().toLowerCase(java.util.Locale.ROOT), why(condition)));
      }
    }
    String issued = request.getStatus() == null ? null : request.getStatus().getCertificate();
    return issued == null || issued.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Issued(
                new String(Base64.getDecoder().decode(issued), StandardCharsets.US_ASCII),
                request.getMetadata().getCreationTimestamp()));
  }

  private static String why(CertificateSigningRequestCondition condition) {
    return String.join(
        " ",
        Arrays.asList(
            condition.getReason() == null ? "no reason given" : condition.getReason(),
            condition.getMessage() == null ? "" : condition.getMessage()));
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  static CredentialException unreachable(String what, KubernetesClientException e) {
    Kind kind = e.getCode() == 401 || e.getCode() == 403 ? Kind.REFUSED : Kind.UNREACHABLE;
    return new CredentialException(
        kind, "the API server did not let us %s: %s".formatted(what, CertificateDates.told(e)), e);
  }
}
