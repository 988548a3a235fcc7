package io.lifeline.security.pki;

import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** The project's authority: RFC 5280 certificates, five minutes backdated. */
record Authority(X509Certificate certificate, PrivateKey key, Clock clock)
    implements CertificateAuthority {

  private static final Duration BACKDATED = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  static Authority create(KeyPair pair, CertificateSubject subject, Duration life, Clock clock) {
    try {
      X500Name name = Subjects.name(subject);
      SubjectPublicKeyInfo publicKey =
          SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
      X509v3CertificateBuilder builder = builder(name, name, publicKey, life, clock.instant());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey));
      return new Authority(signed(builder, pair.getPrivate()), pair.getPrivate(), clock);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a new authority could not be made", e);
    }
  }

  @Override
  public X509Certificate sign(String requestPem, Usage usage, Duration life)
      throws GeneralSecurityException {
    PKCS10CertificationRequest request = Requests.verified(requestPem);
    CertificateSubject subject = Requests.subject(request);
    SubjectPublicKeyInfo publicKey = request.getSubjectPublicKeyInfo();
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    Instant now = clock.instant();
    Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
    X509v3CertificateBuilder builder =
        builder(
            issuer, Subjects.name(subject), publicKey, life.compareTo(left) < 0 ? life : left, now);
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose(usage)));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      GeneralNames names = Subjects.alternativeNames(subject);
      if (names.getNames().length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, names);
      }
    } catch (IOException e) {
      throw new GeneralSecurityException("what the request asks for cannot be encoded", e);
    }
    return signed(builder, key);
  }

  private static KeyPurposeId purpose(Usage usage) {
    return switch (usage) {
      case CLIENT -> KeyPurposeId.id_kp_clientAuth;
      case SERVER -> KeyPurposeId.id_kp_serverAuth;
    };
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer,
      X500Name subject,
      SubjectPublicKeyInfo publicKey,
      Duration life,
      Instant now) {
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).add(BigInteger.ONE),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(life)),
        subject,
        publicKey);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    return new JcaX509CertificateConverter().getCertificate(builder.build(Signatures.signer(key)));
  }

  @Override
  public String toString() {
    return "Authority[" + certificate.getSubjectX500Principal() + "]";
  }
}
