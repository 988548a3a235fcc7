package io.lifeline.security.api;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an API server, and as whom. Holds secrets: {@link #toString} tells the server only.
 *
 * @param server for instance {@code https://10.0.0.10:6443}
 * @param caPem the authority that the server's certificate must lead to
 * @param certificatePem the client's certificate chain, or null
 * @param keyPem the client's key, or null
 * @param token a bearer token, or null
 */
public record ApiAccess(
    URI server,
    String caPem,
    @Nullable String certificatePem,
    @Nullable String keyPem,
    @Nullable String token) {

  public ApiAccess {
    Objects.requireNonNull(server);
    Objects.requireNonNull(caPem);
  }

  /** As whoever a certificate names. */
  public static ApiAccess certificate(
      URI server, String caPem, String certificatePem, String keyPem) {
    return new ApiAccess(server, caPem, certificatePem, keyPem, null);
  }

  /** As whoever a token names. */
  public static ApiAccess token(URI server, String caPem, String token) {
    return new ApiAccess(server, caPem, null, null, token);
  }

  public Optional<String> clientCertificate() {
    return Optional.ofNullable(certificatePem);
  }

  @Override
  public String toString() {
    return "ApiAccess[" + server + "]";
  }
}
