package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Command;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * An image that brings further releases of the agent: the one that was built, and a layer with the
 * same bundles of other versions. Made of files alone, as {@code container/image/build.sh} does it.
 */
public final class NextImage implements AutoCloseable {

  /** The image's name, for a pod. */
  public static final String NAME = "lifeline.local/lifeline:next";

  private static final Path BUNDLES = Path.of("system/io/lifeline/bundles");
  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  private final Path folder;

  private NextImage(Path folder) {
    this.folder = folder;
  }

  /**
   * Begins with the image and the distribution that were built.
   *
   * @param home the checkout
   */
  public static NextImage of(Path home) throws IOException {
    Path folder = Files.createTempDirectory("lifeline-next-");
    Files.createDirectories(folder.resolve("layout"));
    Files.createDirectories(folder.resolve("old"));
    run("tar", "-C", folder.resolve("layout") + "", "-xf", home + "/target/lifeline-image.tar");
    try (Stream<Path> built = Files.list(home.resolve("karaf-assembly/target"))) {
      Path distribution =
          built
              .filter(file -> file.toString().endsWith(".tar.gz"))
              .findFirst()
              .orElseThrow(() -> new IOException("there is no distribution: ./lifeline build"));
      run(
          "tar",
          "-C",
          folder.resolve("old") + "",
          "--strip-components=1",
          "--wildcards",
          "-xzf",
          distribution.toString(),
          "*/" + BUNDLES);
    }
    return new NextImage(folder);
  }

  /**
   * Adds a release: what exports nothing, with another version.
   *
   * @param broken the symbolic name, without its prefix, of a bundle that wants a package which
   *     nobody has; empty for a release as it should be
   */
  public void release(String version, Optional<String> broken) throws IOException {
    try (Stream<Path> jars = Files.walk(folder.resolve("old").resolve(BUNDLES))) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        String bundle = jar.toFile().getName().replaceFirst("-[0-9.]+\\.jar$", "");
        Path to =
            folder
                .resolve("layer/opt/lifeline")
                .resolve(BUNDLES)
                .resolve(bundle)
                .resolve(version)
                .resolve(bundle + "-" + version + ".jar");
        rewrite(jar, to, version, broken.filter(bundle::equals).isPresent());
      }
    }
  }

  private static void rewrite(Path from, Path to, String version, boolean broken)
      throws IOException {
    try (JarInputStream in = new JarInputStream(Files.newInputStream(from))) {
      Manifest manifest = in.getManifest();
      if (manifest.getMainAttributes().getValue("Export-Package") != null) {
        return;
      }
      manifest.getMainAttributes().putValue("Bundle-Version", version);
      if (broken) {
        manifest
            .getMainAttributes()
            .merge(
                new java.util.jar.Attributes.Name("Import-Package"),
                "org.example.nowhere",
                (old, more) -> old + "," + more);
      }
      Files.createDirectories(to.getParent());
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(to), manifest)) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          out.putNextEntry(new ZipEntry(entry.getName()));
          in.transferTo(out);
        }
      }
    }
  }

  /** Packs it, as an archive that {@code ctr images import} takes. */
  public Path archive() throws IOException {
    Path layer = folder.resolve("layer.tar");
    run(
        "tar",
        "-C",
        folder.resolve("layer") + "",
        "--owner=0",
        "--group=0",
        "-cf",
        layer + "",
        ".");
    Path index = folder.resolve("layout/index.json");
    String indexText = Files.readString(index);
    String manifest = digests(indexText).get(0);
    String manifestText = Files.readString(blob(manifest));
    String config = digests(manifestText).get(0);
    String layerDigest = keep(layer);
    String nextConfig =
        keep(
            Files.readString(blob(config))
                .replaceFirst(
                    "(\"diff_ids\":\\[[^\\]]*)\\]", "$1,\"sha256:" + layerDigest + "\"]"));
    String nextManifest =
        keep(
            manifestText
                .replace(entry(config), entry(nextConfig))
                .replaceFirst(
                    "\\}\\]\\}\\s*$",
                    "},{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",%s}]}"
                        .formatted(entry(layerDigest))));
    Files.writeString(
        index,
        indexText
            .replace(entry(manifest), entry(nextManifest))
            .replaceFirst("lifeline\\.local/lifeline:[^\"]+", NAME)
            .replaceFirst("(ref\\.name\":)\"[^\"]+\"", "$1\"next\""));
    Path archive = folder.resolve("next.tar");
    run("tar", "-C", folder.resolve("layout") + "", "-cf", archive + "", ".");
    return archive;
  }

  private static List<String> digests(String json) {
    return DIGEST.matcher(json).results().map(found -> found.group(1)).toList();
  }

  /** How an image names a blob. */
  private String entry(String digest) throws IOException {
    return "\"digest\":\"sha256:%s\",\"size\":%d".formatted(digest, Files.size(blob(digest)));
  }

  private Path blob(String digest) {
    return folder.resolve("layout/blobs/sha256").resolve(digest);
  }

  private String keep(String text) throws IOException {
    Path file = folder.resolve("new.json");
    Files.writeString(file, text);
    return keep(file);
  }

  private String keep(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream nothing =
          new java.security.DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        in.transferTo(nothing);
      }
      String name = HexFormat.of().formatHex(digest.digest());
      Files.move(file, blob(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      return name;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void run(String... words) {
    Command.of(words).within(Duration.ofMinutes(2)).output();
  }

  @Override
  public void close() {
    run("rm", "-rf", folder.toString());
  }
}
