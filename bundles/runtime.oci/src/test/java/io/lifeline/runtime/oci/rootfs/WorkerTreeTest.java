package io.lifeline.runtime.oci.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTreeTest {

  @TempDir Path root;
  private WorkerTree tree;

  @BeforeEach
  void plant() throws Exception {
    tree = new WorkerTree(root);
    Files.createDirectories(root.resolve("usr/bin"));
    Files.writeString(root.resolve("usr/bin/bash"), "");
  }

  private void link(String from, String to) throws Exception {
    Files.createDirectories(root.resolve(from).getParent());
    Files.createSymbolicLink(root.resolve(from), Path.of(to));
  }

  @Test
  void anAbsoluteLinkMeansTheWorkersRoot() throws Exception {
    link("bin", "/usr/bin");
    link("etc/alternatives/sh", "/bin/bash");
    link("usr/bin/sh", "/etc/alternatives/sh");
    assertThat(tree.resolve("/bin/sh")).contains("/usr/bin/bash");
  }

  @Test
  void noLinkLeadsOutOfTheRoot() throws Exception {
    link("usr/bin/out", "../../../../../../../../etc/passwd");
    assertThat(tree.resolve("/usr/bin/out")).isEmpty();
    link("usr/bin/in", "../../../../../../usr/bin/bash");
    assertThat(tree.resolve("/usr/bin/in")).contains("/usr/bin/bash");
  }

  @Test
  void whatIsNotThereIsEmptyAndALoopIsAnError() throws Exception {
    assertThat(tree.resolve("/usr/bin/no")).isEmpty();
    assertThat(tree.resolve("/no/where")).isEmpty();
    assertThat(tree.file("/usr/bin")).isEmpty();
    link("a", "/b");
    link("b", "/a");
    assertThatThrownBy(() -> tree.resolve("/a")).isInstanceOf(FileSystemLoopException.class);
  }
}
