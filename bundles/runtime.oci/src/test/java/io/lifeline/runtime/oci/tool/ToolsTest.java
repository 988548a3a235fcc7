package io.lifeline.runtime.oci.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.runtime.oci.linux.NativeLibraries;
import io.lifeline.runtime.oci.linux.OomScore;
import io.lifeline.runtime.oci.linux.Subreaper;
import io.lifeline.runtime.oci.rootfs.WorkerTree;
import io.lifeline.session.api.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsTest {

  @TempDir Path bin;

  @BeforeAll
  static void load(@TempDir Path state) throws Exception {
    NativeLibraries.load(state);
    Subreaper.adopt();
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Tools tools(String... names) {
    return new Tools(
        new WorkerTree(Path.of("/")),
        new ToolRunner(Path.of("/"), Duration.ofSeconds(1), new OomScore(OptionalInt.empty())),
        List.of(names),
        List.of(bin.toString()));
  }

  private static String works(Tool tool) throws IOException {
    if (tool.name().equals("runc")) {
      throw new ToolException("cgroups are odd");
    }
    return tool.toString();
  }

  @Test
  void theFirstThatWorksIsUsedAndRemembered() throws Exception {
    script("runc", "echo runc version 1.1.5");
    script("crun", "echo crun version 1.14");
    Tools tools = tools("runc", "crun");
    assertThat(tools.first(ToolsTest::works)).isEqualTo("crun 1.14 (%s/crun)".formatted(bin));
    assertThat(tools.working().map(Tool::name)).contains("crun");
    assertThat(tools.<String>first(Tool::name)).isEqualTo("crun");
  }

  @Test
  void whenNoneWorksEachIsNamedWithItsAnswer() throws Exception {
    script("runc", "echo runc version 1.1.5");
    script("crun", "echo cannot find libyajl >&2; exit 127");
    assertThatThrownBy(() -> tools("runc", "crun", "youki").first(ToolsTest::works))
        .isInstanceOf(ContainerException.class)
        .hasMessageContainingAll(
            "runc 1.1.5",
            "answered: cgroups are odd",
            bin + "/crun --version answered: cannot find libyajl",
            "youki is in none of " + bin);
  }

  @Test
  void oneThatSaysNothingIsPassedOver() throws Exception {
    script("runc", "exit 1");
    script("crun", "echo crun version 1.14");
    assertThat(tools("runc", "crun").<String>first(Tool::name)).isEqualTo("crun");
  }

  @Test
  void oneThatHangsIsKilledAndNamed() throws Exception {
    script("runc", "sleep 83; echo never");
    long start = System.nanoTime();
    assertThatThrownBy(() -> tools("runc").first(ToolsTest::works))
        .hasMessageContaining("%s/runc did not finish '--version' within 1 s".formatted(bin));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(
            ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith("sleep 83")))
        .isEmpty();
  }

  @Test
  void oneThatIsNoProgramIsNamed() throws Exception {
    Path file = Files.write(bin.resolve("runc"), new byte[] {1, 2, 3});
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> tools("runc").first(ToolsTest::works))
        .hasMessageContaining("start %s/runc: Exec format error".formatted(bin));
  }
}
