package io.lifeline.security.delegated;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.security.api.Pem;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The time by which other people's certificates are judged. A broken worker's clock may be
 * anywhere; but while our own certificate is good, the cluster's time lies within its life. So the
 * machine's clock is believed inside of that, and outside of it the nearer end is taken.
 */
final class CredentialTime implements Supplier<Instant> {

  private final Instant from;
  private final Instant to;
  private final Supplier<Instant> machine;

  CredentialTime(NodeCredential credential, Supplier<Instant> machine)
      throws GeneralSecurityException {
    String pem =
        credential
            .access()
            .clientCertificate()
            .orElseThrow(() -> new GeneralSecurityException("a credential without a certificate"));
    X509Certificate own = Pem.certificates(pem).get(0);
    this.from = own.getNotBefore().toInstant();
    this.to = own.getNotAfter().toInstant();
    this.machine = machine;
  }

  @Override
  public Instant get() {
    Instant now = machine.get();
    if (now.isBefore(from)) {
      return from;
    }
    return now.isAfter(to) ? to : now;
  }
}
