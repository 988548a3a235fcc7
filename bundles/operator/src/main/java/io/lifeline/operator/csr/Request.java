package io.lifeline.operator.csr;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestCondition;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestSpec;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestStatus;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A CertificateSigningRequest, as its policies and the status read it. */
public record Request(CertificateSigningRequest csr) {

  /** The signer of node client certificates. */
  public static final String NODE_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";

  /** The signer of kubelet serving certificates. */
  public static final String NODE_SERVING = "kubernetes.io/kubelet-serving";

  /** The project's own signer, of enrolments. */
  public static final String ENROLMENT = "lifeline.io/agent";

  /** Reads what a PKCS#10 request in PEM asks for; {@code Pki::subject}. */
  @FunctionalInterface
  public interface Reader {
    CertificateSubject subject(String requestPem) throws GeneralSecurityException;
  }

  /** How far it is. */
  public enum State {
    PENDING,
    APPROVED,
    DENIED,
    FAILED
  }

  private CertificateSigningRequestSpec spec() {
    return csr.getSpec();
  }

  public String name() {
    return csr.getMetadata().getName();
  }

  /** When the API server took it: RFC 3339, so it sorts as text. */
  public String created() {
    return text(csr.getMetadata().getCreationTimestamp());
  }

  public String signer() {
    return text(spec().getSignerName());
  }

  /** Who created it, as the API server authenticated them. */
  public String username() {
    return text(spec().getUsername());
  }

  public List<String> groups() {
    return list(spec().getGroups());
  }

  public Set<String> usages() {
    return Set.copyOf(list(spec().getUsages()));
  }

  /** The life it asks for; API servers before 1.22 drop it. */
  public Optional<Duration> expiration() {
    return Optional.ofNullable(spec().getExpirationSeconds()).map(Duration::ofSeconds);
  }

  /** What it asks for. */
  public CertificateSubject subject(Reader reader) throws GeneralSecurityException {
    return reader.subject(pem());
  }

  /** The PKCS#10 request in PEM. */
  public String pem() throws GeneralSecurityException {
    return decoded(spec().getRequest());
  }

  public State state() {
    return conditions()
        .flatMap(
            condition ->
                switch (condition.getType()) {
                  case "Denied" -> Stream.of(State.DENIED);
                  case "Failed" -> Stream.of(State.FAILED);
                  case "Approved" -> Stream.of(State.APPROVED);
                  default -> Stream.empty();
                })
        // A request can be approved and have failed.
        .max(State::compareTo)
        .orElse(State.PENDING);
  }

  /** Whether something is left to do: it is not ruled on, or it is an enrolment to be signed. */
  public boolean isOpen() {
    return state() == State.PENDING
        || (signer().equals(ENROLMENT) && state() == State.APPROVED && certificate().isEmpty());
  }

  /** Why it was denied or failed. */
  public String message() {
    return conditions()
        .map(CertificateSigningRequestCondition::getMessage)
        .filter(Objects::nonNull)
        .reduce((a, b) -> b)
        .orElse("");
  }

  /** The issued certificate, when there is one. */
  public Optional<X509Certificate> certificate() {
    CertificateSigningRequestStatus status = csr.getStatus();
    if (status == null || text(status.getCertificate()).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Pem.certificates(decoded(status.getCertificate())).get(0));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Stream<CertificateSigningRequestCondition> conditions() {
    CertificateSigningRequestStatus status = csr.getStatus();
    return status == null || status.getConditions() == null
        ? Stream.empty()
        : status.getConditions().stream();
  }

  private static String decoded(@Nullable String base64) throws GeneralSecurityException {
    try {
      return new String(Base64.getMimeDecoder().decode(text(base64)), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the request is not in base64", e);
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static List<String> list(@Nullable List<String> values) {
    return values == null ? List.of() : values;
  }

  @Override
  public String toString() {
    return "CertificateSigningRequest " + name();
  }
}
