package io.lifeline.kubelet.server;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * TLS with ourselves, until the JVM has compiled what costs most. Until then a MiB sealed and
 * opened takes 24 ms of a core, and 5 ms for most of a first transfer of 256 MiB, because the
 * processor's AES is used by the code of the second compiler only; after this it is 2.5 ms, and
 * soon 0.5.
 */
final class TlsRehearsal {

  private static final int TIMEOUT_MILLIS = 10_000;

  /**
   * A server's first handshakes cost twice what the fiftieth does; each is some 10 ms of a core.
   */
  private static final int HANDSHAKES = 8;

  /**
   * The compiler counts calls, not bytes: this is what it wants with our CompileThresholdScaling,
   * in records so short that they take a sixth of a second together.
   */
  private static final int RECORDS = 8000;

  private static final int RECORD = 256;
  private static final int TAG = 16;

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

  /** Seals and opens records of zeros, with a key that is used for nothing else. */
  void encipher() throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
    ByteBuffer nonce = ByteBuffer.allocate(12);
    ByteBuffer plain = ByteBuffer.allocate(RECORD);
    ByteBuffer sealed = ByteBuffer.allocate(RECORD + TAG);
    for (int i = 0; i < RECORDS; i++) {
      nonce.putInt(0, i);
      GCMParameterSpec parameters = new GCMParameterSpec(8 * TAG, nonce.array());
      cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
      cipher.doFinal(plain.clear(), sealed.clear());
      cipher.init(Cipher.DECRYPT_MODE, key, parameters);
      cipher.doFinal(sealed.flip(), plain.clear());
    }
  }
}
