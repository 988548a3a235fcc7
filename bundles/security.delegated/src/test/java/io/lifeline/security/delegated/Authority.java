package io.lifeline.security.delegated;

import io.lifeline.security.api.Pem;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for tests. */
final class Authority {

  static final Instant BORN = Instant.parse("2026-01-01T00:00:00Z");

  private final X500Principal name;
  private final KeyPair key;
  final X509Certificate certificate;

  private Authority(X500Principal name, KeyPair key, X509Certificate certificate) {
    this.name = name;
    this.key = key;
    this.certificate = certificate;
  }

  static Authority root(String name) throws Exception {
    KeyPair key = key();
    X500Principal subject = new X500Principal(name);
    return new Authority(
        subject, key, sign(subject, key, subject, key, true, null, Duration.ofDays(3650)));
  }

  Authority intermediate(String subject) throws Exception {
    KeyPair own = key();
    X500Principal principal = new X500Principal(subject);
    return new Authority(
        principal, own, sign(name, key, principal, own, true, null, Duration.ofDays(3650)));
  }

  X509Certificate client(String subject, Duration life) throws Exception {
    return sign(
        name, key, new X500Principal(subject), key(), false, KeyPurposeId.id_kp_clientAuth, life);
  }

  X509Certificate server(String subject) throws Exception {
    return sign(
        name,
        key,
        new X500Principal(subject),
        key(),
        false,
        KeyPurposeId.id_kp_serverAuth,
        Duration.ofDays(1));
  }

  String pem() {
    return Pem.certificates(List.of(certificate));
  }

  private static KeyPair key() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      X500Principal issuer,
      KeyPair issuerKey,
      X500Principal subject,
      KeyPair subjectKey,
      boolean authority,
      KeyPurposeId purpose,
      Duration life)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(System.nanoTime()),
            Date.from(BORN),
            Date.from(BORN.plus(life)),
            subject,
            subjectKey.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (purpose != null) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
  }
}
