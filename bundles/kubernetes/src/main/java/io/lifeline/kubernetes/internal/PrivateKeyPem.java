package io.lifeline.kubernetes.internal;

import io.lifeline.security.api.Pem;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys as kubeconfig files have them, as unencrypted PKCS#8.
 *
 * <p>The JDK reads PKCS#8 only; {@code openssl ecparam} and Go write an EC key in SEC 1's own form
 * (RFC 5915) and {@code openssl genrsa} once wrote PKCS#1 (RFC 8017). Both are PKCS#8's content
 * without its wrapping (RFC 5958), which is put around them here.
 */
final class PrivateKeyPem {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");

  private static final byte[] VERSION_ZERO = HexFormat.of().parseHex("020100");

  /** AlgorithmIdentifier of RSA: its object identifier and NULL. */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int EC_PARAMETERS = 0xa0;

  private PrivateKeyPem() {}

  /** The first private key in a PEM text, which may hold certificates besides. */
  static String pkcs8(String pem) throws GeneralSecurityException {
    Map<String, byte[]> blocks = new HashMap<>();
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      blocks.putIfAbsent(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2)));
    }
    byte[] pkcs8 = blocks.get("PRIVATE KEY");
    byte[] ec = blocks.get("EC PRIVATE KEY");
    byte[] rsa = blocks.get("RSA PRIVATE KEY");
    if (pkcs8 != null) {
      return Pem.block("PRIVATE KEY", pkcs8);
    }
    if (ec != null) {
      return Pem.block(
          "PRIVATE KEY", wrapEc(ec, blocks.getOrDefault("EC PARAMETERS", new byte[0])));
    }
    if (rsa != null) {
      return Pem.block("PRIVATE KEY", wrap(RSA, rsa));
    }
    throw new GeneralSecurityException(
        "no private key in the PEM text that can be used (PRIVATE KEY, EC PRIVATE KEY and"
            + " RSA PRIVATE KEY can, an encrypted one cannot)");
  }

  private static byte[] wrapEc(byte[] key, byte[] parameters) throws GeneralSecurityException {
    byte[] curve = curve(key);
    if (curve.length == 0) {
      curve = parameters;
    }
    if (curve.length == 0) {
      throw new GeneralSecurityException("the EC private key does not say which curve it is on");
    }
    return wrap(tagged(SEQUENCE, EC_PUBLIC_KEY, curve), key);
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return tagged(SEQUENCE, VERSION_ZERO, algorithm, tagged(OCTET_STRING, key));
  }

  /** The curve's object identifier inside ECPrivateKey: its optional parameters, tag [0]. */
  private static byte[] curve(byte[] ecPrivateKey) throws GeneralSecurityException {
    try {
      int[] outer = element(ecPrivateKey, 0);
      for (int at = outer[0]; at < outer[1]; ) {
        int[] inner = element(ecPrivateKey, at);
        if ((ecPrivateKey[at] & 0xff) == EC_PARAMETERS) {
          return Arrays.copyOfRange(ecPrivateKey, inner[0], inner[1]);
        }
        at = inner[1];
      }
      return new byte[0];
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new GeneralSecurityException("the EC private key is cut short", e);
    }
  }

  /** Where the content of the DER element at an offset begins and ends. */
  private static int[] element(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    int content = at + 2;
    if (length >= 0x80) {
      int octets = length & 0x7f;
      length = 0;
      for (int i = 0; i < octets; i++) {
        length = (length << 8) | (der[content++] & 0xff);
      }
    }
    if (length < 0 || content + length > der.length) {
      throw new ArrayIndexOutOfBoundsException(content + length);
    }
    return new int[] {content, content + length};
  }

  private static byte[] tagged(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : contents) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length >= 0x80) {
      int octets = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
      out.write(0x80 | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    } else {
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
