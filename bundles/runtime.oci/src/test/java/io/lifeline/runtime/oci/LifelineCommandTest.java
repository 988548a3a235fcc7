package io.lifeline.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The {@code lifeline} command of the container, on a real terminal; the test is the agent. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LifelineCommandTest {

  private static final String ASKED = "\u001b]7337;t0ken;";

  private Fixture fixture;
  private DebugContainer container;

  @BeforeAll
  void create() throws Exception {
    fixture = new Fixture("runc,crun", ExecBy.AGENT);
    container = fixture.create();
  }

  @AfterAll
  void delete() throws Exception {
    if (container != null) {
      container.delete();
      fixture.close();
    }
  }

  private ContainerProcess shell(Heard heard, String... command) throws Exception {
    return container.exec(
        new ProcessSpec(
            List.of(command),
            Map.of("LIFELINE_TOKEN", "t0ken", "LIFELINE_SESSION", "amber-7"),
            true,
            true,
            Optional.empty()),
        heard);
  }

  private static void type(ContainerProcess process, String keys) {
    process.stdin(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void itAsksThroughItsTerminalAndReturnsTheAnswerWithoutATrace() throws Exception {
    Heard heard = new Heard();
    ContainerProcess process =
        shell(heard, "bash", "-c", "lifeline join amber-9; echo code $?; lifeline; echo code $?");
    heard.until(said -> said.contains(ASKED + "join amber-9\u0007"));
    type(process, "3\u0007");
    heard.until(said -> said.contains("code 3") && said.endsWith(ASKED + "\u0007"));
    type(process, "0\u0007");
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
    assertThat(heard.out())
        .isEqualTo(ASKED + "join amber-9\u0007code 3\r\n" + ASKED + "\u0007code 0\r\n");
  }

  @Test
  void itIsThereBehindChroot() throws Exception {
    Heard heard = new Heard();
    ContainerProcess process = shell(heard, "bash");
    heard.until(said -> said.contains("amber-7"));
    type(process, "chroot /host /bin/bash -c 'lifeline sessions; echo code=$?'\r");
    heard.until(said -> said.contains(ASKED + "sessions\u0007"));
    type(process, "0\u0007");
    heard.until(said -> said.contains("code=0\r\n"));
    process.close();
    heard.end();
  }

  @Test
  void withoutATerminalItSaysWhatToDo() throws Exception {
    Heard heard = new Heard();
    container.exec(Fixture.command("lifeline", "sessions"), heard);
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(2));
    assertThat(heard.err()).contains("kubectl exec -it POD -- lifeline sessions");
  }

  @Test
  void recordingsAreSeenAndCannotBeChanged() throws Exception {
    Files.writeString(fixture.state.resolve("recordings/amber-7.cast"), "{}");
    Heard heard = new Heard();
    container.exec(
        Fixture.command(
            "bash", "-c", "cat /run/lifeline/recordings/*; : >/run/lifeline/recordings/x"),
        heard);
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(1));
    assertThat(heard.out()).isEqualTo("{}");
    assertThat(heard.err()).contains("Read-only file system");
  }
}
