package io.lifeline.security.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM in and out with the JDK alone, so that reading a certificate loads no further library. */
public final class Pem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  /** One block of PEM. */
  public static String block(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, LINES.encodeToString(der), type);
  }

  /** Certificates as PEM, in the order given. */
  public static String certificates(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      try {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new IllegalArgumentException("a certificate cannot be encoded", e);
      }
    }
    return text.toString();
  }

  /** The certificates in a PEM text, in their order; throws when there is none. */
  public static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
    InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    List<X509Certificate> chain =
        CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
            .map((Certificate c) -> (X509Certificate) c)
            .toList();
    if (chain.isEmpty()) {
      throw new GeneralSecurityException("no certificate in the PEM text");
    }
    return chain;
  }

  /** A private key as unencrypted PKCS#8. */
  public static String privateKey(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /** The PKCS#8 private key (EC or RSA) in a PEM text. */
  public static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      if (matcher.group(1).equals("PRIVATE KEY")) {
        PKCS8EncodedKeySpec spec =
            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(2)));
        try {
          return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
          return KeyFactory.getInstance("RSA").generatePrivate(spec);
        }
      }
    }
    throw new GeneralSecurityException("no PKCS#8 private key in the PEM text");
  }
}
