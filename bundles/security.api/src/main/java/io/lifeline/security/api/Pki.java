package io.lifeline.security.api;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;

/** Keys, certificate requests and the project's own authority. Any thread. */
public interface Pki {

  /** A new EC P-256 key. */
  KeyPair newKey();

  /** A PKCS#10 request in PEM for this subject, signed with this key. */
  String request(KeyPair key, CertificateSubject subject);

  /**
   * What a PKCS#10 request in PEM asks for, after its signature was verified.
   *
   * @throws GeneralSecurityException when it is malformed or signed by another key
   */
  CertificateSubject subject(String requestPem) throws GeneralSecurityException;

  /** A new authority of the project's own. */
  CertificateAuthority newAuthority(String commonName, Duration life);

  /** The authority whose certificate and key were kept. */
  CertificateAuthority authority(X509Certificate certificate, PrivateKey key);
}
