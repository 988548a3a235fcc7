package io.lifeline.security.delegated;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.security.api.Pem;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The time by which other people's certificates are judged: the cluster's. Where no API server has
 * told that, it is the machine's clock, which may be anywhere on a broken worker; but while our own
 * certificate is good, the cluster's time lies within its life. So outside of that the nearer end
 * is taken.
 */
final class CredentialTime implements Supplier<Instant> {

  private final Instant from;
  private final Instant to;
  private final InstantSource time;

  CredentialTime(NodeCredential credential, InstantSource time) throws GeneralSecurityException {
    String pem =
        credential
            .access()
            .clientCertificate()
            .orElseThrow(() -> new GeneralSecurityException("a credential without a certificate"));
    X509Certificate own = Pem.certificates(pem).get(0);
    this.from = own.getNotBefore().toInstant();
    this.to = own.getNotAfter().toInstant();
    this.time = time;
  }

  @Override
  public Instant get() {
    Instant now = time.instant();
    if (now.isBefore(from)) {
      return from;
    }
    return now.isAfter(to) ? to : now;
  }
}
