package io.lifeline.itests.e2e.upgrade;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes releases: the bundles that were built, with another version. */
public final class Releases {

  private final Path distribution;
  private final Path folder;

  /**
   * @param distribution unpacked
   * @param folder where the releases go
   */
  public Releases(Path distribution, Path folder) {
    this.distribution = distribution;
    this.folder = folder;
  }

  /** How a bundle of a release differs from the one that was built. */
  public interface Change {
    void to(Manifest manifest);
  }

  /**
   * Makes one.
   *
   * @param name of its folder
   * @param rooms which bundles, without {@code io.lifeline.}
   * @return its pin
   */
  public String make(String name, String version, Collection<String> rooms, Change change) {
    try {
      Path release = Files.createDirectories(folder.resolve(name));
      StringBuilder sums = new StringBuilder();
      for (String room : rooms) {
        Path jar = release.resolve(room + "-" + version + ".jar");
        copy(built(room), jar, version, change);
        sums.append(sha256(Files.readAllBytes(jar)))
            .append("  ")
            .append(jar.getFileName())
            .append('\n');
      }
      Path file = Files.writeString(release.resolve("SHA256SUMS"), sums);
      return sha256(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("a release could not be made", e);
    }
  }

  private Path built(String room) {
    return distribution.resolve(
        "system/io/lifeline/bundles/%1$s/0.1.0/%1$s-0.1.0.jar".formatted(room));
  }

  private static void copy(Path from, Path to, String version, Change change) throws IOException {
    try (JarFile jar = new JarFile(from.toFile())) {
      Manifest manifest = jar.getManifest();
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      change.to(manifest);
      try (OutputStream file = Files.newOutputStream(to);
          JarOutputStream out = new JarOutputStream(file, manifest)) {
        Enumeration<JarEntry> entries = jar.entries();
        while (entries.hasMoreElements()) {
          JarEntry entry = entries.nextElement();
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            out.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream in = jar.getInputStream(entry)) {
              in.transferTo(out);
            }
          }
        }
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
