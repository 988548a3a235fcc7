package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootedFilesTest {

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void makeARoot() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    Files.createDirectories(root.resolve("var/lib/kubelet/pki"));
    Files.writeString(root.resolve("var/lib/kubelet/pki/kubelet-client-2026.pem"), "inside");
  }

  @Test
  void anAbsoluteLinkBeginsAgainAtTheRoot() throws IOException {
    link(
        "var/lib/kubelet/pki/kubelet-client-current.pem",
        "/var/lib/kubelet/pki/kubelet-client-2026.pem");

    assertThat(read("/var/lib/kubelet/pki/kubelet-client-current.pem")).isEqualTo("inside");
  }

  @Test
  void aRelativeLinkAndALinkedFolderAreFollowed() throws IOException {
    link("var/lib/kubelet/pki/current.pem", "kubelet-client-2026.pem");
    link("etc", "var/./lib");

    assertThat(read("/etc/kubelet/pki/../pki/current.pem")).isEqualTo("inside");
  }

  @Test
  void noLinkLeadsOutOfTheRoot() throws IOException {
    Files.writeString(folder.resolve("secret"), "outside");
    link("escape", "../../../../secret");
    link("absolute", folder.resolve("secret").toString());

    assertThatThrownBy(() -> read("/escape")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("/absolute")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read("/../secret")).isInstanceOf(IOException.class);
  }

  @Test
  void linksInACircleEnd() throws IOException {
    link("a", "b");
    link("b", "/a");

    assertThatThrownBy(() -> read("/a")).isInstanceOf(FileSystemLoopException.class);
  }

  @Test
  void aFolderOrAMissingFileIsSaidByBothItsNames() {
    assertThatThrownBy(() -> read("/var/lib"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/var/lib")
        .hasMessageContaining(root.toString());
  }

  private String read(String path) throws IOException {
    return new RootedFiles(root).read(Path.of(path));
  }

  private void link(String at, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(at), Path.of(target));
  }
}
