package io.lifeline.release.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseFoldersTest {

  private static final String SUM = "0123456789abcdef".repeat(4);

  @TempDir Path folder;

  private Path bundle(String name, String version, Map<String, String> headers) throws IOException {
    Path jar =
        folder.resolve("system/io/lifeline/bundles/%s/%s/%1$s-%2$s.jar".formatted(name, version));
    Files.createDirectories(jar.getParent());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "io.lifeline." + name);
    headers.forEach(manifest.getMainAttributes()::putValue);
    try (OutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.flush();
    }
    return jar;
  }

  private ReleaseFolders folders() {
    return new ReleaseFolders(folder.resolve("system"), Optional.of(folder.resolve("mounted")));
  }

  @Test
  void theAgentsBundlesThatExportNothingAreTheDistributionsRelease() throws IOException {
    Path monitor = bundle("node.monitor", "0.1.0", Map.of());
    bundle("node.api", "0.1.0", Map.of("Export-Package", "io.lifeline.node.api"));
    bundle("operator", "0.1.0", Map.of());
    bundle("node.monitor", "0.2.0", Map.of());

    AgentRelease release = folders().release("0.1.0").orElseThrow();

    assertThat(folders().versions()).containsExactly("0.1.0", "0.2.0");
    assertThat(release.files())
        .isEqualTo(
            Map.of("node.monitor-0.1.0.jar", AgentRelease.sha256(Files.readAllBytes(monitor))));
    assertThat(release.checksums())
        .isEqualTo(release.files().get("node.monitor-0.1.0.jar") + "  node.monitor-0.1.0.jar\n");
    assertThat(folders().file(release, "node.monitor-0.1.0.jar")).contains(monitor);
    assertThat(folders().release("0.1.0").orElseThrow().pin()).isEqualTo(release.pin());
  }

  @Test
  void aMountedFolderComesFirstAndKeepsItsOwnChecksums() throws IOException {
    bundle("node.monitor", "0.1.0", Map.of());
    Path version = Files.createDirectories(folder.resolve("mounted/0.1.0"));
    Files.writeString(version.resolve("SHA256SUMS"), SUM + " *x.jar\n");

    AgentRelease release = folders().release("0.1.0").orElseThrow();

    assertThat(release.files()).isEqualTo(Map.of("x.jar", SUM));
    assertThat(release.pin()).isEqualTo(AgentRelease.sha256((SUM + " *x.jar\n").getBytes()));
    assertThat(folders().file(release, "x.jar")).contains(version.resolve("x.jar"));
  }

  @Test
  void nothingLeadsOutOfTheFolder() throws IOException {
    bundle("node.monitor", "0.1.0", Map.of());
    AgentRelease release = folders().release("0.1.0").orElseThrow();

    assertThat(folders().release("..")).isEmpty();
    assertThat(folders().release("0.1.0/../0.1.0")).isEmpty();
    assertThat(folders().file(release, "../node.monitor-0.1.0.jar")).isEmpty();
    assertThat(folders().file(release, "node.api-0.1.0.jar")).isEmpty();
  }

  @Test
  void whatIsNoListOfChecksumsIsRefusedWithItsLine() {
    for (String wrong :
        new String[] {
          "", "x", SUM + "  ../x.jar", SUM + "  a/b", SUM + "  a\n" + SUM + "  a", SUM + "  .a"
        }) {
      assertThatThrownBy(() -> AgentRelease.parse("0.1.0", wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("SHA256SUMS");
    }
    assertThatThrownBy(() -> AgentRelease.parse("latest", SUM + "  a"))
        .hasMessageContaining("'latest' is no version");
  }
}
