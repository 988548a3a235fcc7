package io.lifeline.kubelet.server;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS with ourselves, so that its classes are loaded and have run once before the first caller
 * comes.
 */
final class TlsRehearsal {

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int HANDSHAKES = 2;

  private final NodeCredential credential;
  private final ServingCertificate certificate;
  private final InetSocketAddress listening;

  TlsRehearsal(
      NodeCredential credential, ServingCertificate certificate, InetSocketAddress listening) {
    this.credential = credential;
    this.certificate = certificate;
    this.listening = listening;
  }

  /** With a client's certificate, as the API server shows one; it is ours. */
  void shakeHands() throws IOException, GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys().getKeyManagers(), trust().getTrustManagers(), null);
    InetAddress to =
        listening.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : listening.getAddress();
    for (int i = 0; i < HANDSHAKES; i++) {
      try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(to, listening.getPort()), TIMEOUT_MILLIS);
        socket.startHandshake();
        // A session that may be resumed would make the next handshake a shorter one.
        socket.getSession().invalidate();
      }
    }
  }

  private TrustManagerFactory trust() throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    trusted.setCertificateEntry("ourselves", certificate.chain().get(0));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    return trust;
  }

  private KeyManagerFactory keys() throws IOException, GeneralSecurityException {
    char[] noPassword = new char[0];
    KeyStore own = empty();
    ApiAccess access = credential.access();
    if (access.certificatePem() != null && access.keyPem() != null) {
      own.setKeyEntry(
          "ourselves",
          Pem.privateKey(access.keyPem()),
          noPassword,
          Pem.certificates(access.certificatePem()).toArray(X509Certificate[]::new));
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(own, noPassword);
    return keys;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    return empty;
  }
}
