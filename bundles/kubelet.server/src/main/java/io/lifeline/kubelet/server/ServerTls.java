package io.lifeline.kubelet.server;

import io.lifeline.node.api.ServingCertificates.ServingCertificate;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS of the kubelet API: BoringSSL's where its library is there, else the JDK's. The JDK's own is
 * quick only when its compilers have seen it many times, and the agent serves few people seldom: a
 * handshake costs it 10 ms of a core at first and 4 later, BoringSSL some 1.5 ms.
 */
final class ServerTls {

  private ServerTls() {}

  /** Which of the two it is; the first call loads the library. */
  static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /** Its name, for the log: who wonders why transfers are slow finds it there. */
  static String library(SslProvider provider) {
    return provider == SslProvider.JDK ? "the JDK" : OpenSsl.versionString();
  }

  static SslContext context(ServingCertificate certificate, SslProvider provider)
      throws SSLException {
    return SslContextBuilder.forServer(certificate.key(), certificate.chain())
        .sslProvider(provider)
        .protocols("TLSv1.3", "TLSv1.2")
        .clientAuth(ClientAuth.OPTIONAL)
        .trustManager(new AnyChain())
        .sessionCacheSize(64)
        .sessionTimeout(300)
        .build();
  }

  /**
   * Takes any chain: the authority of clients is renewed with each credential, a wrong clock must
   * not lock the API server out, and a refusal in TLS tells the caller nothing. Whether a chain is
   * good is the {@link io.lifeline.security.api.Authenticator}'s to say, before anything is done.
   */
  private static final class AnyChain extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException("this side is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException("this side is a server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("this side is a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
