package io.lifeline.ssh.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that the door shows. It is configured, or made once (Ed25519) and kept in OpenSSH's own
 * format on the agent's tmpfs, where a restart of the agent finds it again.
 */
final class HostKey {

  private static final Logger LOG = LoggerFactory.getLogger(HostKey.class);
  private static final String FILE = "ssh_host_ed25519_key";

  private final KeyPair pair;

  private HostKey(KeyPair pair) {
    this.pair = pair;
  }

  /**
   * @param configured the file to read, which must be there
   * @param state the folder to keep one in when none is configured
   */
  static synchronized HostKey of(Optional<Path> configured, Path state)
      throws IOException, GeneralSecurityException {
    if (configured.isPresent()) {
      return read(configured.get());
    }
    Path kept = state.resolve(FILE);
    if (!Files.exists(kept)) {
      make(kept);
    }
    return read(kept);
  }

  KeyPair pair() {
    return pair;
  }

  /** As OpenSSH shows it: {@code SHA256:…}. */
  String fingerprint() {
    return KeyUtils.getFingerPrint(BuiltinDigests.sha256, pair.getPublic());
  }

  private static HostKey read(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, (session, resource, retry) -> null);
      if (pairs == null) {
        throw new GeneralSecurityException("no private key is in " + file);
      }
      return new HostKey(pairs.iterator().next());
    }
  }

  /** Beside it first: a half-written key is never found. */
  private static void make(Path file) throws IOException, GeneralSecurityException {
    KeyPair made = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(made, "lifeline", null, text);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Path beside = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(beside, text.toByteArray());
    try {
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(beside, file);
    }
    LOG.info("A host key for SSH was made and is kept in {}", file);
  }
}
