package io.lifeline.security.pki;

import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** PKCS#10 (RFC 2986) in PEM, written and read. */
final class Requests {

  private Requests() {}

  static String write(KeyPair key, CertificateSubject subject) {
    try {
      JcaPKCS10CertificationRequestBuilder builder =
          new JcaPKCS10CertificationRequestBuilder(Subjects.name(subject), key.getPublic());
      GeneralNames names = Subjects.alternativeNames(subject);
      if (names.getNames().length > 0) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, names);
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      return Pem.block(
          "CERTIFICATE REQUEST", builder.build(Signatures.signer(key.getPrivate())).getEncoded());
    } catch (IOException e) {
      throw new UncheckedIOException("a certificate request cannot be encoded", e);
    }
  }

  /** The one request in a PEM text, its signature verified with its own key. */
  static PKCS10CertificationRequest verified(String pem) throws GeneralSecurityException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
        throw new GeneralSecurityException("the PEM text holds no certificate request");
      }
      if (!request.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(publicKey(request)))) {
        throw new GeneralSecurityException(
            "the certificate request is not signed by the key it asks a certificate for");
      }
      return request;
      // BouncyCastle answers malformed input with unchecked exceptions of many kinds.
    } catch (IOException | RuntimeException | OperatorCreationException | PKCSException e) {
      throw new GeneralSecurityException("the certificate request is malformed", e);
    }
  }

  // By the JDK's names: it does not know the key factory for EC under its object identifier.
  private static PublicKey publicKey(PKCS10CertificationRequest request)
      throws IOException, GeneralSecurityException {
    SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
    boolean rsa = info.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption);
    return KeyFactory.getInstance(rsa ? "RSA" : "EC")
        .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  static CertificateSubject subject(PKCS10CertificationRequest request)
      throws GeneralSecurityException {
    try {
      return Subjects.read(
          request.getSubject(), Optional.ofNullable(request.getRequestedExtensions()));
    } catch (RuntimeException e) {
      throw new GeneralSecurityException("the certificate request is malformed", e);
    }
  }
}
