package io.lifeline.runtime.oci.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.session.api.ContainerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootfsTest {

  private static final List<String> PATH = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  @TempDir Path state;

  private Rootfs rootfs(Path root, String... required) {
    return new Rootfs(
        new WorkerTree(root),
        state,
        new RootfsContents(List.of(required), List.of("tty"), PATH, 64 << 20));
  }

  @Test
  void thisMachinesProgramsRunInIt() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "skipped: chroot needs root");
    Path made = rootfs(Path.of("/"), "bash", "chroot", "sleep").ready(Duration.ofSeconds(20));
    Process shell =
        new ProcessBuilder("chroot", made.toString(), "/bin/bash", "-c", "sleep 0 && echo $0 ok")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8))
        .isEqualTo("/bin/bash ok\n");
    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void itIsMadeOnceAndAgainWhenItIsMissing() throws Exception {
    Rootfs rootfs = rootfs(Path.of("/"), "bash");
    Path made = rootfs.ready(Duration.ofSeconds(20));
    Object first = Files.getAttribute(made.resolve("usr/bin/bash"), "unix:ino");
    rootfs.prepare().get(20, TimeUnit.SECONDS);
    assertThat(Files.getAttribute(made.resolve("usr/bin/bash"), "unix:ino")).isEqualTo(first);
    Trees.remove(made);
    assertThat(rootfs.ready(Duration.ofSeconds(20))).isDirectory();
  }

  @Test
  void whatIsMissingIsSaidToWhoAsksAndSoughtAgain(@TempDir Path worker) throws Exception {
    Rootfs rootfs = rootfs(worker, "bash");
    assertThatThrownBy(() -> rootfs.ready(Duration.ofSeconds(20)))
        .isInstanceOf(ContainerException.class)
        .hasMessageContainingAll("'bash'", "/usr/bin");
    new ElfWriter(64).write(worker.resolve("usr/bin/bash"));
    assertThat(rootfs.ready(Duration.ofSeconds(20))).isDirectory();
  }
}
