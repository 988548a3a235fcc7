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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
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
  private static final int TIMEOUT_MILLIS = 10_000;

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
      askGuard();
      shakeHands();
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

  private void shakeHands() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ourselves", certificate.chain().get(0));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    InetAddress to =
        listening.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : listening.getAddress();
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(to, listening.getPort()), TIMEOUT_MILLIS);
      socket.startHandshake();
    }
  }
}
