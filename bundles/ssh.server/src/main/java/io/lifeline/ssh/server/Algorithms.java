package io.lifeline.ssh.server;

import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.compression.Compression;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.mac.Mac;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.ServerBuilder;

/**
 * What is spoken, the best first: what OpenSSH 8.5 and later propose, nothing with SHA-1, CBC,
 * encrypt-and-MAC or finite-field groups. What needs a provider that is not there is left out.
 */
final class Algorithms {

  private static final List<BuiltinDHFactories> EXCHANGES =
      List.of(
          BuiltinDHFactories.mlkem768x25519,
          BuiltinDHFactories.sntrup761x25519,
          BuiltinDHFactories.sntrup761x25519_openssh,
          BuiltinDHFactories.curve25519,
          BuiltinDHFactories.curve25519_libssh,
          BuiltinDHFactories.ecdhp256,
          BuiltinDHFactories.ecdhp384,
          BuiltinDHFactories.ecdhp521);

  /** What may be set. */
  private static final List<BuiltinCiphers> CIPHERS =
      List.of(
          BuiltinCiphers.aes128gcm,
          BuiltinCiphers.aes256gcm,
          BuiltinCiphers.cc20p1305_openssh,
          BuiltinCiphers.aes128ctr,
          BuiltinCiphers.aes192ctr,
          BuiltinCiphers.aes256ctr);

  private static final List<BuiltinMacs> MACS =
      List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm);

  private static final List<BuiltinSignatures> SIGNATURES =
      List.of(
          BuiltinSignatures.ed25519_cert,
          BuiltinSignatures.nistp256_cert,
          BuiltinSignatures.nistp384_cert,
          BuiltinSignatures.nistp521_cert,
          BuiltinSignatures.rsaSHA512_cert,
          BuiltinSignatures.rsaSHA256_cert,
          BuiltinSignatures.ed25519,
          BuiltinSignatures.sk_ssh_ed25519,
          BuiltinSignatures.nistp256,
          BuiltinSignatures.nistp384,
          BuiltinSignatures.nistp521,
          BuiltinSignatures.sk_ecdsa_sha2_nistp256,
          BuiltinSignatures.rsaSHA512,
          BuiltinSignatures.rsaSHA256);

  private Algorithms() {}

  static List<KeyExchangeFactory> exchanges() {
    return EXCHANGES.stream()
        .filter(BuiltinDHFactories::isSupported)
        .map(ServerBuilder.DH2KEX)
        .toList();
  }

  /** The names of the ciphers that there are. */
  static List<String> cipherNames() {
    return CIPHERS.stream().map(BuiltinCiphers::getName).toList();
  }

  /** Those of these names, in their order; the client's own order is what decides. */
  static List<NamedFactory<Cipher>> ciphers(List<String> names) {
    return names.stream()
        .flatMap(name -> CIPHERS.stream().filter(cipher -> cipher.getName().equals(name)))
        .filter(BuiltinCiphers::isSupported)
        .<NamedFactory<Cipher>>map(cipher -> cipher)
        .toList();
  }

  static List<NamedFactory<Mac>> macs() {
    return MACS.stream().<NamedFactory<Mac>>map(mac -> mac).toList();
  }

  /** Also the algorithms by which an authority may have signed a certificate. */
  static List<NamedFactory<Signature>> signatures() {
    return SIGNATURES.stream()
        .filter(BuiltinSignatures::isSupported)
        .<NamedFactory<Signature>>map(signature -> signature)
        .toList();
  }

  /** None: what a compressor remembers of other text is told by lengths. */
  static List<NamedFactory<Compression>> compressions() {
    return List.of(BuiltinCompressions.none);
  }
}
