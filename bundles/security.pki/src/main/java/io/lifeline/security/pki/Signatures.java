package io.lifeline.security.pki;

import java.security.PrivateKey;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** How the project signs: with the JDK's own ECDSA or RSA, over SHA-256. */
final class Signatures {

  private Signatures() {}

  static ContentSigner signer(PrivateKey key) {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      return new JcaContentSignerBuilder(algorithm).build(key);
    } catch (OperatorCreationException e) {
      throw new IllegalArgumentException("this key cannot sign with " + algorithm, e);
    }
  }
}
