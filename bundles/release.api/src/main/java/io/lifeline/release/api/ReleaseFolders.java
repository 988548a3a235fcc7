package io.lifeline.release.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The releases that a process of the cluster's side has: those of its own distribution, and those
 * of a folder with one folder for each version. Any thread; reads files.
 *
 * <p>The distribution keeps bundles as a Maven repository does. Those of the agent's that export
 * nothing are a release: contracts are not replaced while an agent runs. Their {@code SHA256SUMS}
 * is made here, the same in the operator and in the proxy, which are of one image.
 */
public final class ReleaseFolders {

  /** Below the distribution's {@code system}. */
  private static final Path BUNDLES = Path.of("io", "lifeline", "bundles");

  /** No agent has them. */
  private static final Set<String> CLUSTER_SIDE = Set.of("operator", "proxy");

  private static final long MOST_CHECKSUMS = 64 * 1024;

  private final Path bundles;
  private final Optional<Path> mounted;
  private final Map<String, AgentRelease> made = new ConcurrentHashMap<>();

  /**
   * @param system the folder {@code system} of the distribution
   * @param mounted a folder with one folder for each version, which has the files and their {@code
   *     SHA256SUMS}; it comes first
   */
  public ReleaseFolders(Path system, Optional<Path> mounted) {
    this.bundles = system.resolve(BUNDLES);
    this.mounted = mounted;
  }

  /** Every version that is here. */
  public SortedSet<String> versions() throws IOException {
    SortedSet<String> versions = new TreeSet<>();
    if (mounted.isPresent()) {
      for (String name : names(mounted.get())) {
        if (AgentRelease.isVersion(name) && Files.isRegularFile(checksums(mounted.get(), name))) {
          versions.add(name);
        }
      }
    }
    for (String bundle : ofAgents()) {
      for (String version : names(bundles.resolve(bundle))) {
        if (AgentRelease.isVersion(version) && implementation(jar(bundle, version))) {
          versions.add(version);
        }
      }
    }
    return versions;
  }

  /**
   * The release of a version; empty when it is not here.
   *
   * @throws IOException when a file cannot be read, or a {@code SHA256SUMS} is none
   */
  public Optional<AgentRelease> release(String version) throws IOException {
    if (!AgentRelease.isVersion(version)) {
      return Optional.empty();
    }
    if (mounted.isPresent() && Files.isRegularFile(checksums(mounted.get(), version))) {
      return Optional.of(read(checksums(mounted.get(), version), version));
    }
    AgentRelease known = made.get(version);
    if (known == null) {
      Map<String, String> files = new TreeMap<>();
      for (String bundle : ofAgents()) {
        Path jar = jar(bundle, version);
        if (implementation(jar)) {
          files.put(jar.getFileName().toString(), sum(jar));
        }
      }
      if (files.isEmpty()) {
        return Optional.empty();
      }
      known = AgentRelease.of(version, files);
      made.put(version, known);
    }
    return Optional.of(known);
  }

  /** Where a file of a release is; empty when the release names none of that name. */
  public Optional<Path> file(AgentRelease release, String name) {
    if (!release.files().containsKey(name)) {
      return Optional.empty();
    }
    if (mounted.isPresent() && Files.isRegularFile(checksums(mounted.get(), release.version()))) {
      return Optional.of(mounted.get().resolve(release.version()).resolve(name));
    }
    String bundle = name.substring(0, name.length() - ("-" + release.version() + ".jar").length());
    return Optional.of(jar(bundle, release.version()));
  }

  private static AgentRelease read(Path checksums, String version) throws IOException {
    if (Files.size(checksums) > MOST_CHECKSUMS) {
      throw new IOException(checksums + " is too long to be the checksums of a release");
    }
    try {
      return AgentRelease.parse(version, Files.readString(checksums));
    } catch (IllegalArgumentException e) {
      throw new IOException(checksums + ": " + e.getMessage(), e);
    }
  }

  private Set<String> ofAgents() throws IOException {
    Set<String> names = names(bundles);
    names.removeAll(CLUSTER_SIDE);
    return names;
  }

  private Path jar(String bundle, String version) {
    return bundles.resolve(bundle).resolve(version).resolve(bundle + "-" + version + ".jar");
  }

  private static Path checksums(Path folder, String version) {
    return folder.resolve(version).resolve(AgentRelease.CHECKSUMS);
  }

  private static boolean implementation(Path jar) throws IOException {
    if (!Files.isRegularFile(jar)) {
      return false;
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      return manifest != null
          && manifest.getMainAttributes().getValue("Bundle-SymbolicName") != null
          && manifest.getMainAttributes().getValue("Export-Package") == null;
    }
  }

  private static String sum(Path file) throws IOException {
    MessageDigest digest = AgentRelease.digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static Set<String> names(Path folder) throws IOException {
    Set<String> names = new TreeSet<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries.forEach(entry -> names.add(entry.getFileName().toString()));
      }
    }
    return names;
  }
}
