package io.lifeline.node.upgrade;

import io.lifeline.node.api.UpgradeException;
import io.lifeline.release.api.AgentRelease;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A release, read once: what is checked here is what runs later, whatever becomes of the folder.
 */
record Release(Version version, List<Part> parts) {

  private static final Pattern PIN = Pattern.compile("[0-9a-f]{64}");
  private static final long MOST = 64L << 20;

  Release {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a release's folder into another, which is emptied before.
   *
   * @throws UpgradeException when pin, checksums or files are others than they should be
   */
  static Release read(Path folder, String pin, Path copies) throws UpgradeException {
    try {
      Map<String, String> sums = sums(folder, pin);
      sameFiles(folder, sums.keySet());
      Folders.empty(copies);
      List<Part> parts = new ArrayList<>();
      for (Map.Entry<String, String> file : sums.entrySet()) {
        Path from = folder.resolve(file.getKey());
        Path to = copies.resolve(file.getKey());
        if (!copied(from, to).equals(file.getValue())) {
          throw new UpgradeException(
              "%s is not what its checksum in %s says: nothing was touched; get the release again"
                  .formatted(from, AgentRelease.CHECKSUMS));
        }
        parts.add(part(to));
      }
      return new Release(oneVersion(folder, parts), parts);
    } catch (IOException e) {
      throw new UpgradeException("the release %s cannot be read: %s".formatted(folder, e), e);
    }
  }

  private static Map<String, String> sums(Path folder, String pin)
      throws IOException, UpgradeException {
    Path file = folder.resolve(AgentRelease.CHECKSUMS);
    String wanted = pin.strip().toLowerCase(Locale.ROOT);
    if (!PIN.matcher(wanted).matches()) {
      throw new UpgradeException(
          "the pin '%s' is no SHA-256 in hexadecimal: sha256sum %s".formatted(pin, file));
    }
    byte[] bytes = Files.readAllBytes(file);
    String found = AgentRelease.sha256(bytes);
    if (!found.equals(wanted)) {
      throw new UpgradeException(
          "%s is not the pinned one: its SHA-256 is %s and not %s. Nothing was touched"
              .formatted(file, found, wanted));
    }
    try {
      return AgentRelease.sums(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new UpgradeException(
          "%s has a line that sha256sum does not write for a bundle: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static void sameFiles(Path folder, Set<String> named)
      throws IOException, UpgradeException {
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> there =
          files
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new));
      there.remove(AgentRelease.CHECKSUMS);
      if (!there.equals(named)) {
        throw new UpgradeException(
            "the release %s holds %s, and its %s names %s: they must be the same files"
                .formatted(folder, there, AgentRelease.CHECKSUMS, named));
      }
    }
  }

  private static String copied(Path from, Path to) throws IOException {
    if (Files.size(from) > MOST) {
      throw new IOException("%s is larger than %d bytes".formatted(from, MOST));
    }
    MessageDigest digest = AgentRelease.digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(from), digest);
        OutputStream out = Files.newOutputStream(to)) {
      in.transferTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Part part(Path jar) throws IOException, UpgradeException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
      String version = headers.getValue(Constants.BUNDLE_VERSION);
      if (name == null || version == null || !Names.isOurs(plain(name))) {
        throw new UpgradeException(
            "%s is no bundle of Lifeline: a release holds nothing else"
                .formatted(jar.getFileName()));
      }
      return new Part(
          plain(name),
          Version.parseVersion(version),
          jar,
          headers.getValue(Constants.EXPORT_PACKAGE) != null);
    } catch (IllegalArgumentException e) {
      throw new UpgradeException(
          "%s has a version that is none: %s".formatted(jar.getFileName(), e.getMessage()), e);
    }
  }

  private static String plain(String symbolicName) {
    int end = symbolicName.indexOf(';');
    return (end < 0 ? symbolicName : symbolicName.substring(0, end)).strip();
  }

  private static Version oneVersion(Path folder, List<Part> parts) throws UpgradeException {
    Set<Version> versions =
        parts.stream().map(Part::version).collect(Collectors.toCollection(TreeSet::new));
    if (versions.size() != 1) {
      throw new UpgradeException(
          "the bundles of a release have one version, and those of %s have %s"
              .formatted(folder, versions));
    }
    return versions.iterator().next();
  }
}
