package io.lifeline.node.rollout;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.ReleaseFiles;
import io.lifeline.release.api.AgentRelease;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Releases on the agent's tmpfs, a folder for each. A folder has its name only when everything in
 * it was checked. One thread.
 */
final class ReleaseStore {

  private static final long MOST_CHECKSUMS = 64 * 1024;

  /** The tmpfs has 160 MiB, and an upgrade wants as much again for its copies. */
  private static final long MOST = 24L << 20;

  private final Path folder;
  private final Optional<Path> mounted;
  private final Supplier<ReleaseFiles> proxy;

  /**
   * @param proxy throws {@link IllegalStateException} while there is none
   */
  ReleaseStore(Path folder, Optional<Path> mounted, Supplier<ReleaseFiles> proxy) {
    this.folder = folder;
    this.mounted = mounted;
    this.proxy = proxy;
  }

  /** The folder of a release, if it is here; what is in a mounted one is not checked. */
  Optional<Path> here(Wish wish) throws IOException {
    if (mounted.isPresent()) {
      Path release = mounted.get().resolve(wish.version());
      if (Files.isRegularFile(release.resolve(AgentRelease.CHECKSUMS))) {
        return Optional.of(release);
      }
    }
    Path kept = folder.resolve(wish.version());
    Path checksums = kept.resolve(AgentRelease.CHECKSUMS);
    if (!Files.isRegularFile(checksums)
        || !AgentRelease.sha256(Files.readAllBytes(checksums)).equals(wish.pin())) {
      return Optional.empty();
    }
    AgentRelease release = AgentRelease.parse(wish.version(), Files.readString(checksums));
    for (Map.Entry<String, String> file : release.files().entrySet()) {
      Path path = kept.resolve(file.getKey());
      if (!Files.isRegularFile(path) || !sum(path).equals(file.getValue())) {
        return Optional.empty();
      }
    }
    return Optional.of(kept);
  }

  /**
   * Brings a release from the proxy.
   *
   * @throws IOException when it breaks off, is too long, or a checksum is another
   */
  Path fetch(Wish wish) throws CredentialException, IOException {
    Path fresh = folder.resolve(".fetching");
    remove(fresh);
    Files.createDirectories(fresh);
    try {
      AgentRelease release = checksums(wish);
      Files.writeString(fresh.resolve(AgentRelease.CHECKSUMS), release.checksums());
      long left = MOST;
      for (Map.Entry<String, String> file : release.files().entrySet()) {
        Path to = fresh.resolve(file.getKey());
        MessageDigest digest = AgentRelease.digest();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(to), digest)) {
          proxy.get().fetch(wish.version(), file.getKey(), left, out);
        }
        left -= Files.size(to);
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(file.getValue())) {
          throw new IOException(
              "%s of the release %s is not what its checksum says"
                  .formatted(file.getKey(), wish.version()));
        }
      }
      Path kept = folder.resolve(wish.version());
      remove(kept);
      return Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      remove(fresh);
    }
  }

  private AgentRelease checksums(Wish wish) throws CredentialException, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    proxy.get().fetch(wish.version(), AgentRelease.CHECKSUMS, MOST_CHECKSUMS, bytes);
    String found = AgentRelease.sha256(bytes.toByteArray());
    if (!found.equals(wish.pin())) {
      throw new IOException(
          "the proxy's %s of the release %s has the SHA-256 %s, and the Node's annotation says %s"
              .formatted(AgentRelease.CHECKSUMS, wish.version(), found, wish.pin()));
    }
    try {
      return AgentRelease.parse(wish.version(), bytes.toString(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Removes all releases but one. */
  void keepOnly(String version) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> releases = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path release : releases) {
        if (!release.getFileName().toString().equals(version)) {
          remove(release);
        }
      }
    }
  }

  private static String sum(Path file) throws IOException {
    MessageDigest digest = AgentRelease.digest();
    byte[] buffer = new byte[16 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Flat folders only. */
  private static void remove(Path release) throws IOException {
    if (!Files.isDirectory(release)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(release)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(release);
  }
}
