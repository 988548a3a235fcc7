package io.lifeline.node.credential;

import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateAuthority.Usage;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pki;
import io.lifeline.security.pki.BouncyCastlePki;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Real keys and certificates for tests. */
final class Authorities {

  static final Pki PKI = new BouncyCastlePki(io.lifeline.security.api.ClusterTime.ofMachine());

  private Authorities() {}

  static CertificateAuthority authority(String name) {
    return PKI.newAuthority(name, Duration.ofDays(1));
  }

  static Enrolment enrolment(CertificateAuthority authority, String worker) throws Exception {
    KeyPair key = PKI.newKey();
    String request =
        PKI.request(key, CertificateSubject.client("lifeline:agent:" + worker, "lifeline:agents"));
    return new Enrolment(
        key.getPrivate(),
        List.of(
            authority.sign(request, Usage.CLIENT, Duration.ofHours(1)), authority.certificate()));
  }

  /** A server's context that asks for client certificates of the same authority. */
  static SSLContext server(CertificateAuthority authority, String dnsName) throws Exception {
    KeyPair key = PKI.newKey();
    String request =
        PKI.request(key, new CertificateSubject("proxy", List.of(), List.of(dnsName), List.of()));
    X509Certificate certificate = authority.sign(request, Usage.SERVER, Duration.ofHours(1));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "proxy",
        key.getPrivate(),
        new char[0],
        new X509Certificate[] {certificate, authority.certificate()});
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", authority.certificate());
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, new char[0]);
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }
}
