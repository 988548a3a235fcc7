package io.lifeline.security.api;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;

/** Signs requests with the project's own key. Any thread. */
public interface CertificateAuthority {

  /** What a signed certificate may be used for. */
  enum Usage {
    CLIENT,
    SERVER
  }

  X509Certificate certificate();

  PrivateKey key();

  /**
   * Signs what a request asks for; the caller has checked that it may ask for it.
   *
   * @param life from now on; five minutes are added before now for clocks that differ
   * @throws GeneralSecurityException when the request is malformed or not signed by its own key
   */
  X509Certificate sign(String requestPem, Usage usage, Duration life)
      throws GeneralSecurityException;
}
