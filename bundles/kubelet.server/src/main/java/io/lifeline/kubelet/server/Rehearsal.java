package io.lifeline.kubelet.server;

import io.lifeline.kubelet.api.StreamingProtocol;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.lifeline.security.api.Authenticator;
import io.lifeline.security.api.Authorizer;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through what the first caller would wait for: the guard's questions, TLS with ourselves,
 * each streaming protocol. On a worker in trouble the classes for it take seconds to load, and the
 * first person at kubectl should not be the one who waits. Whatever fails here is only told, and
 * fails nobody.
 */
final class Rehearsal implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private final Seams seams;
  private final NodeCredential credential;
  private final ServingCertificate certificate;
  private final InetSocketAddress listening;

  Rehearsal(
      Seams seams,
      NodeCredential credential,
      ServingCertificate certificate,
      InetSocketAddress listening) {
    this.seams = seams;
    this.credential = credential;
    this.certificate = certificate;
    this.listening = listening;
  }

  @Override
  public void run() {
    long from = System.nanoTime();
    try {
      TlsRehearsal tls = new TlsRehearsal(credential, certificate, listening);
      askGuard();
      tls.shakeHands();
      seams.protocols().forEach(StreamingProtocol::rehearse);
      LOG.info(
          "The kubelet API has rehearsed its first caller in {} ms",
          Duration.ofNanos(System.nanoTime() - from).toMillis());
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn("The kubelet API's rehearsal failed; it is open all the same: {}", e.toString());
    }
  }

  /** Our own certificate is as good as a caller's; that we may do nothing to the node is fine. */
  private void askGuard() throws GeneralSecurityException {
    String own = credential.access().clientCertificate().orElse("");
    Authenticator authenticator = seams.authenticator().get().orElse(null);
    Authorizer authorizer = seams.authorizer().get().orElse(null);
    if (own.isEmpty() || authenticator == null || authorizer == null) {
      return;
    }
    Identity ourselves = authenticator.certificate(Pem.certificates(own)).orElse(null);
    if (ourselves != null) {
      Decision decision = authorizer.decide(ourselves, Route.Page.HEALTHZ.access());
      LOG.debug("The guard says about {}: {}", ourselves.name(), decision);
    }
  }
}
