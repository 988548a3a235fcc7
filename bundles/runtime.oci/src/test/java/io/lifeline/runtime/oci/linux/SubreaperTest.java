package io.lifeline.runtime.oci.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubreaperTest {

  @BeforeAll
  static void load(@TempDir Path state) throws Exception {
    NativeLibraries.load(state);
  }

  private static int ended() throws Exception {
    try (Starter starter =
            new Starter("test", () -> Namespaces.of(Path.of("/"), Optional.empty()));
        Fd nothing = Fd.openToRead("/dev/null")) {
      int pid =
          starter.start(
              new Command(
                  List.of("/nowhere/true", "/bin/true"),
                  List.of("true"),
                  List.of(),
                  new Command.Streams.Pipes(nothing, nothing, nothing)),
              Duration.ofSeconds(5));
      long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (ProcessStat.of(pid).orElseThrow().state() != 'Z') {
        assertThat(System.nanoTime()).isLessThan(end);
        LockSupport.parkNanos(1_000_000);
      }
      return pid;
    }
  }

  @Test
  void whatNobodyWaitsForIsBuriedAtTheSecondLook() throws Exception {
    int pid = ended();
    Subreaper subreaper = new Subreaper(other -> false);
    subreaper.look();
    assertThat(ProcessStat.of(pid)).isPresent();
    subreaper.look();
    assertThat(ProcessStat.of(pid)).isEmpty();
  }

  @Test
  void whatSomebodyWaitsForIsLeftToHim() throws Exception {
    int pid = ended();
    Subreaper subreaper = new Subreaper(other -> other == pid);
    subreaper.look();
    subreaper.look();
    try (Child child = new Child(pid)) {
      assertThat(child.ended()).contains(new io.lifeline.session.api.ExitStatus.Exited(0));
    }
  }
}
