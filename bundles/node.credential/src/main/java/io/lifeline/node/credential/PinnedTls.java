package io.lifeline.node.credential;

import io.lifeline.security.api.CertificateDates;
import io.lifeline.security.api.ClusterTime;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS to the proxy and to nobody else: its certificate must be signed by the pinned authority
 * itself, bear the proxy's fixed name, and be good at the cluster's time.
 */
final class PinnedTls {

  /** The name in the proxy's certificate, whatever address it has. */
  static final String PROXY_NAME = "proxy.lifeline.io";

  private PinnedTls() {}

  static SSLContext context(Enrolment enrolment, ClusterTime time) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "agent", enrolment.key(), new char[0], enrolment.chain().toArray(new X509Certificate[0]));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.getKeyManagers(),
          new TrustManager[] {new Pinned(enrolment.authority(), time)},
          null);
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("the JDK cannot make a TLS context", e);
    }
  }

  private static final class Pinned extends X509ExtendedTrustManager {

    private final X509Certificate authority;
    private final ClusterTime time;

    Pinned(X509Certificate authority, ClusterTime time) {
      this.authority = authority;
      this.time = time;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      X509Certificate leaf = chain[0];
      try {
        leaf.verify(authority.getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new CertificateException(
            "its certificate is not signed by the authority pinned at enrolment", e);
      }
      Collection<List<?>> names = leaf.getSubjectAlternativeNames();
      if (names == null || names.stream().noneMatch(name -> PROXY_NAME.equals(name.get(1)))) {
        throw new CertificateException("its certificate is not that of " + PROXY_NAME);
      }
      CertificateDates.judged(leaf, time);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
