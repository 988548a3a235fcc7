package io.lifeline.runtime.oci;

import static io.lifeline.runtime.oci.Fixture.command;
import static io.lifeline.runtime.oci.Fixture.terminal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worker's runc works, and then no longer does. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BrokenRuntimeTest {

  @TempDir Path bin;

  private Path runc() throws Exception {
    return runc(bin);
  }

  /**
   * A runc that breaks when there is a file "broken" beside it, and hangs when there is "hangs".
   */
  static Path runc(Path bin) throws Exception {
    Path script =
        Files.writeString(
            bin.resolve("runc"),
            """
            #!/bin/bash
            [[ -e %1$s/broken ]] && exit 1
            [[ -e %1$s/hangs ]] && sleep 84
            exec runc "$@"
            """
                .formatted(bin));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  @Test
  void aContainerThatRunsCanBeUsedAndDeletedWithoutIt() throws Exception {
    try (Fixture fixture = new Fixture(runc().toString(), ExecBy.RUNTIME)) {
      DebugContainer container = fixture.create();
      Files.createFile(bin.resolve("broken"));
      Heard heard = new Heard();
      container.exec(command("bash", "-c", "echo still; exit 2"), heard);
      assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(2));
      assertThat(heard.out()).isEqualTo("still\n");
      Heard onTerminal = new Heard();
      container.exec(terminal("tty"), onTerminal);
      assertThat(onTerminal.end()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(onTerminal.out()).startsWith("/dev/pts/");
      Heard missing = new Heard();
      container.exec(command("nosuch"), missing);
      assertThat(missing.end().shellCode()).isEqualTo(127);
      container.delete();
      Fixture.until(() -> container.ended().isPresent());
      assertThat(Fixture.cgroups(container.id())).isEmpty();
      assertThat(fixture.state.resolve("runtime").resolve(container.id())).doesNotExist();
    }
  }

  @Test
  void oneThatHangsIsNotWaitedForForLong() throws Exception {
    try (Fixture fixture = new Fixture(runc().toString(), ExecBy.RUNTIME)) {
      DebugContainer container = fixture.create();
      Files.createFile(bin.resolve("hangs"));
      Heard heard = new Heard();
      container.exec(command("bash", "-c", "exit 2"), heard);
      assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(2));
      container.delete();
      assertThat(Fixture.cgroups(container.id())).isEmpty();
      assertThat(Fixture.running("sleep 84")).isZero();
      assertThatThrownBy(fixture::create)
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("did not finish");
    }
  }

  @Test
  void anotherIsTriedAndTheAnswerOfEachIsTold() throws Exception {
    Files.createFile(bin.resolve("broken"));
    Path broken = runc();
    try (Fixture fixture = new Fixture(broken + ",crun", ExecBy.AGENT)) {
      DebugContainer container = fixture.create();
      assertThat(fixture.containers.description()).startsWith("crun ");
      container.delete();
    }
    try (Fixture fixture = new Fixture(broken.toString(), ExecBy.AGENT)) {
      assertThatThrownBy(fixture::create)
          .hasMessageContaining("%s --version answered: it said nothing".formatted(broken));
    }
  }

  @Test
  void aFullTmpfsDoesNotStopAnExec() throws Exception {
    for (ExecBy execBy : ExecBy.values()) {
      try (Fixture fixture = new Fixture("runc", execBy)) {
        DebugContainer container = fixture.create();
        Path filler = fixture.state.resolve("filler");
        assertThatThrownBy(() -> Files.write(filler, new byte[80 << 20]))
            .hasMessageContaining("No space left");
        Heard heard = new Heard();
        container.exec(terminal("bash", "-c", "exit 3"), heard);
        assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(3));
        container.delete();
      }
    }
  }
}
