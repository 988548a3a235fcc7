package io.lifeline.security.pki;

import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pki;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keys and signatures by the JDK, their ASN.1 by BouncyCastle; no provider is registered. */
@Component
public final class BouncyCastlePki implements Pki {

  private final Clock clock;

  /** What it signs is dated by the cluster's time. */
  @Activate
  public BouncyCastlePki(@Reference ClusterTime time) {
    this(time.clock());
  }

  BouncyCastlePki(Clock clock) {
    this.clock = clock;
  }

  @Override
  public KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK makes no EC P-256 keys", e);
    }
  }

  @Override
  public String request(KeyPair key, CertificateSubject subject) {
    return Requests.write(key, subject);
  }

  @Override
  public CertificateSubject subject(String requestPem) throws GeneralSecurityException {
    return Requests.subject(Requests.verified(requestPem));
  }

  @Override
  public CertificateAuthority newAuthority(String commonName, Duration life) {
    return Authority.create(newKey(), CertificateSubject.client(commonName), life, clock);
  }

  @Override
  public CertificateAuthority authority(X509Certificate certificate, PrivateKey key) {
    return new Authority(certificate, key, clock);
  }
}
