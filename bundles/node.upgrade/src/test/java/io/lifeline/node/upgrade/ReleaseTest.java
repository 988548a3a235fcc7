package io.lifeline.node.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.UpgradeException;
import io.lifeline.release.api.AgentRelease;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class ReleaseTest {

  @TempDir Path home;
  private Path folder;
  private final StringBuilder sums = new StringBuilder();

  @BeforeEach
  void aFolder() throws IOException {
    folder = Files.createDirectories(home.resolve("release"));
  }

  private void bundle(String file, String name, String version) throws Exception {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      new JarOutputStream(out, manifest).close();
    }
    sums.append(sha256(folder.resolve(file))).append("  ").append(file).append('\n');
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private String pin() throws Exception {
    return sha256(Files.writeString(folder.resolve(AgentRelease.CHECKSUMS), sums));
  }

  private Release read(String pin) throws UpgradeException {
    return Release.read(folder, pin, home.resolve("copies"));
  }

  @Test
  void aReleaseIsCopiedAndItsBundlesAreKnown() throws Exception {
    bundle("a.jar", "io.lifeline.node.monitor;singleton:=false", "0.2.0");
    bundle("b.jar", "io.lifeline.debugpod", "0.2.0");
    Release release = read(pin().toUpperCase(java.util.Locale.ROOT));
    assertThat(release.version()).isEqualTo(new Version(0, 2, 0));
    assertThat(release.parts())
        .extracting(Part::symbolicName)
        .containsExactly("io.lifeline.node.monitor", "io.lifeline.debugpod");
    Files.delete(folder.resolve("a.jar"));
    assertThat(release.parts().get(0).jar()).exists();
  }

  @Test
  void anotherPinIsRefused() throws Exception {
    bundle("a.jar", "io.lifeline.debugpod", "0.2.0");
    pin();
    assertThatThrownBy(() -> read("0".repeat(64))).hasMessageContaining("is not the pinned one");
    assertThatThrownBy(() -> read("latest")).hasMessageContaining("no SHA-256");
  }

  @Test
  void aChangedBundleIsRefused() throws Exception {
    bundle("a.jar", "io.lifeline.debugpod", "0.2.0");
    String pin = pin();
    Files.writeString(folder.resolve("a.jar"), "something else");
    assertThatThrownBy(() -> read(pin)).hasMessageContaining("is not what its checksum");
  }

  @Test
  void filesAreThoseThatAreNamedAndNoOthers() throws Exception {
    bundle("a.jar", "io.lifeline.debugpod", "0.2.0");
    String pin = pin();
    Files.writeString(folder.resolve("b.jar"), "");
    assertThatThrownBy(() -> read(pin)).hasMessageContaining("must be the same files");
    Files.delete(folder.resolve("b.jar"));
    Files.delete(folder.resolve("a.jar"));
    assertThatThrownBy(() -> read(pin)).hasMessageContaining("must be the same files");
  }

  @Test
  void nothingOutsideOfTheFolderIsNamed() throws Exception {
    sums.append("0".repeat(64)).append("  ../a.jar\n");
    String pin = pin();
    assertThatThrownBy(() -> read(pin)).hasMessageContaining("does not write for a bundle");
  }

  @Test
  void whatIsNotOursAndWhatIsMixedIsRefused() throws Exception {
    bundle("a.jar", "io.lifeline.debugpod", "0.2.0");
    bundle("b.jar", "io.lifeline.node.monitor", "0.3.0");
    String mixed = pin();
    assertThatThrownBy(() -> read(mixed)).hasMessageContaining("[0.2.0, 0.3.0]");
    bundle("c.jar", "org.example", "0.2.0");
    String foreign = pin();
    assertThatThrownBy(() -> read(foreign)).hasMessageContaining("no bundle of Lifeline");
  }
}
