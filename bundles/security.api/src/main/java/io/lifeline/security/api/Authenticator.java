package io.lifeline.security.api;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Says who a caller of the kubelet API is. Any thread; may block for a second or two. */
public interface Authenticator {

  /**
   * Whom a client certificate stands for.
   *
   * @param chain the peer's certificates, leaf first, as TLS received them: not yet verified
   * @return empty when the chain does not lead to the cluster's client authority
   */
  Optional<Identity> certificate(List<X509Certificate> chain);

  /** Whom a bearer token stands for; empty when the API server does not say so. */
  Optional<Identity> token(String token);
}
