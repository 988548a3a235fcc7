package io.lifeline.runtime.oci.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.runtime.oci.rootfs.Plan.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {

  private static final List<String> PATH = List.of("/usr/local/bin", "/usr/bin", "/bin");

  @TempDir Path root;

  private Plan plan(List<String> required, String... optional) throws Exception {
    return new Planner(
            new WorkerTree(root), new RootfsContents(required, List.of(optional), PATH, 100_000))
        .plan();
  }

  private ElfWriter program() {
    return new ElfWriter(64).interpreter("/lib64/ld-linux-x86-64.so.2");
  }

  private void write(ElfWriter elf, String path) throws IOException {
    elf.write(root.resolve(path.substring(1)));
  }

  private void link(String from, String to) throws Exception {
    Files.createDirectories(root.resolve(from.substring(1)).getParent());
    Files.createSymbolicLink(root.resolve(from.substring(1)), Path.of(to));
  }

  private void mergedDebian() throws Exception {
    write(new ElfWriter(64), "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
    link("/usr/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
    write(new ElfWriter(64).soname("libc.so.6"), "/usr/lib/x86_64-linux-gnu/libc.so.6");
    link("/bin", "usr/bin");
    link("/lib", "usr/lib");
    link("/lib64", "usr/lib64");
  }

  @Test
  void aMergedDebianIsLaidOutAsItIs() throws Exception {
    mergedDebian();
    write(program().needs("libtinfo.so.6").needs("libc.so.6"), "/usr/bin/bash");
    write(new ElfWriter(64).needs("libc.so.6"), "/usr/lib/x86_64-linux-gnu/libtinfo.so.6.4");
    link("/usr/lib/x86_64-linux-gnu/libtinfo.so.6", "libtinfo.so.6.4");
    assertThat(plan(List.of("bash")).files())
        .containsKeys("/usr/bin/bash", "/usr/lib64/ld-linux-x86-64.so.2")
        .hasEntrySatisfying(
            "/usr/lib/x86_64-linux-gnu/libtinfo.so.6",
            source ->
                assertThat(((Source.Copy) source).path())
                    .isEqualTo("/usr/lib/x86_64-linux-gnu/libtinfo.so.6.4"))
        .containsEntry("/usr/bin/sh", new Source.Link("bash"))
        .containsEntry("/bin", new Source.Link("usr/bin"));
  }

  @Test
  void aRedHatThatIsNotMergedIsMerged() throws Exception {
    write(new ElfWriter(64), "/lib64/ld-linux-x86-64.so.2");
    write(new ElfWriter(64), "/lib64/libc.so.6");
    write(program().needs("libc.so.6"), "/bin/bash");
    assertThat(plan(List.of("bash")).files())
        .containsKeys("/usr/bin/bash", "/usr/lib64/ld-linux-x86-64.so.2", "/usr/lib64/libc.so.6");
  }

  @Test
  void librariesFromFarAwayComeToWhereTheLoaderSurelyLooks() throws Exception {
    mergedDebian();
    write(program().needs("libfar.so").needs("libown.so").needs("libc.so.6"), "/usr/bin/tool");
    Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
    Files.writeString(
        root.resolve("etc/ld.so.conf"), "# comment\ninclude /etc/ld.so.conf.d/*.conf\n");
    Files.writeString(root.resolve("etc/ld.so.conf.d/far.conf"), "/opt/far/lib # why\n");
    write(new ElfWriter(64).needs("libdeep.so").runPath("$ORIGIN/deep"), "/opt/far/lib/libfar.so");
    write(new ElfWriter(64), "/opt/far/lib/deep/libdeep.so");
    write(new ElfWriter(64), "/usr/lib64/libown.so");
    assertThat(plan(List.of("tool")).files())
        .containsKeys(
            "/usr/lib/x86_64-linux-gnu/libfar.so",
            "/usr/lib/x86_64-linux-gnu/libdeep.so",
            "/usr/lib/x86_64-linux-gnu/libown.so");
  }

  @Test
  void aProgramsOwnDirectoriesAreSearchedFirst() throws Exception {
    mergedDebian();
    link("/usr/bin/tool", "/opt/tool/bin/tool-1.0");
    write(program().needs("libx.so").rPath("${ORIGIN}/../lib"), "/opt/tool/bin/tool-1.0");
    write(new ElfWriter(64), "/opt/tool/lib/libx.so");
    write(new ElfWriter(64), "/usr/lib/libx.so");
    Plan plan = plan(List.of("tool"));
    assertThat(plan.files().get("/usr/lib64/libx.so"))
        .isInstanceOfSatisfying(
            Source.Copy.class, copy -> assertThat(copy.path()).isEqualTo("/opt/tool/lib/libx.so"));
    assertThat(plan.files()).containsEntry("/usr/bin/tool", new Source.Link("tool-1.0"));
  }

  @Test
  void aLibraryOfAnotherWordSizeIsPassedOver() throws Exception {
    mergedDebian();
    write(program().needs("libx.so").needs("libc.so.6"), "/usr/bin/tool");
    write(new ElfWriter(32), "/usr/lib/x86_64-linux-gnu/libx.so");
    write(new ElfWriter(64), "/usr/lib/libx.so");
    assertThat(plan(List.of("tool")).files().get("/usr/lib/x86_64-linux-gnu/libx.so"))
        .isInstanceOfSatisfying(
            Source.Copy.class, copy -> assertThat(copy.path()).isEqualTo("/usr/lib/libx.so"));
  }

  @Test
  void anAlpineWhereEverythingIsBusybox() throws Exception {
    write(new ElfWriter(64), "/lib/ld-musl-x86_64.so.1");
    write(
        new ElfWriter(64)
            .interpreter("/lib/ld-musl-x86_64.so.1")
            .needs("libc.musl-x86_64.so.1")
            .needs("libx.so"),
        "/bin/busybox");
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/ld-musl-x86_64.path"), "/lib:/usr/far\n");
    write(new ElfWriter(64), "/usr/far/libx.so");
    link("/bin/sh", "/bin/busybox");
    link("/bin/sleep", "/bin/busybox");
    Plan plan = plan(List.of("sh", "sleep"));
    assertThat(plan.files())
        .containsKeys("/usr/lib/ld-musl-x86_64.so.1", "/usr/bin/busybox", "/usr/lib/libx.so")
        .containsEntry("/usr/bin/sh", new Source.Link("busybox"))
        .containsEntry("/usr/bin/sleep", new Source.Link("busybox"));
  }

  @Test
  void aScriptBringsItsInterpreter() throws Exception {
    mergedDebian();
    write(program().needs("libc.so.6"), "/usr/bin/bash");
    write(program().needs("libc.so.6"), "/usr/bin/env");
    Files.writeString(root.resolve("usr/bin/hello"), "#!/bin/bash -e\necho hello\n");
    Files.writeString(root.resolve("usr/bin/other"), "#!/usr/bin/env bash\necho hello\n");
    assertThat(plan(List.of("hello")).files()).containsKeys("/usr/bin/hello", "/usr/bin/bash");
    assertThat(plan(List.of("other")).files())
        .containsKeys("/usr/bin/other", "/usr/bin/env", "/usr/bin/bash");
  }

  @Test
  void whatIsMissingIsNamedAndWhereItWasSought() throws Exception {
    mergedDebian();
    assertThatThrownBy(() -> plan(List.of("bash")))
        .isInstanceOf(MissingException.class)
        .hasMessageContainingAll("'bash'", "/usr/local/bin, /usr/bin, /bin");
    write(program().needs("libgone.so.3"), "/usr/bin/bash");
    assertThatThrownBy(() -> plan(List.of("bash")))
        .isInstanceOf(MissingException.class)
        .hasMessageContainingAll("libgone.so.3", "/usr/bin/bash", "/usr/lib/x86_64-linux-gnu");
  }

  @Test
  void whatIsOptionalIsLeftOutWhenItIsMissingOrTooLarge() throws Exception {
    mergedDebian();
    write(program().needs("libc.so.6"), "/usr/bin/bash");
    write(program().needs("libgone.so"), "/usr/bin/broken");
    write(program().needs("libc.so.6"), "/usr/bin/small");
    Files.write(root.resolve("usr/lib/x86_64-linux-gnu/libhuge.so"), new byte[200_000]);
    write(program().needs("libhuge.so"), "/usr/bin/huge");
    Plan plan = plan(List.of("bash"), "none", "broken", "huge", "small");
    assertThat(plan.files())
        .containsKeys("/usr/bin/bash", "/usr/bin/small")
        .doesNotContainKeys("/usr/bin/none", "/usr/bin/broken", "/usr/bin/huge");
  }

  @Test
  void tooMuchThatIsRequiredIsRefused() throws Exception {
    mergedDebian();
    write(program().needs("libc.so.6"), "/usr/bin/bash");
    try (var file = new java.io.RandomAccessFile(root.resolve("usr/bin/bash").toFile(), "rw")) {
      file.setLength(200_000);
    }
    assertThatThrownBy(() -> plan(List.of("bash")))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("rootfs.max", "100000");
  }
}
