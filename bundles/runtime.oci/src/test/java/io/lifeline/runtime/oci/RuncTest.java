package io.lifeline.runtime.oci;

import static io.lifeline.runtime.oci.Fixture.command;
import static io.lifeline.runtime.oci.Fixture.terminal;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RuncTest {

  private static Fixture fixture;
  private static DebugContainer container;

  @BeforeAll
  static void create() throws Exception {
    fixture = new Fixture("runc");
    container = fixture.create();
  }

  @AfterAll
  static void delete() throws Exception {
    if (fixture != null) {
      container.delete();
      fixture.close();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anExitCodeArrives() throws Exception {
    Heard heard = new Heard();
    container.exec(command("bash", "-c", "echo out; echo err >&2; exit 3"), heard);
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(3));
    assertThat(heard.out()).isEqualTo("out\n");
    assertThat(heard.err()).isEqualTo("err\n");
  }

  @Test
  void aTerminalEchoes() throws Exception {
    Heard heard = new Heard();
    ContainerProcess shell = container.exec(terminal("bash"), heard);
    heard.until(text -> text.contains("# "));
    assertThat(shell.stdin(bytes("tty; echo $((6*7)); exit 5\n"))).isTrue();
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(5));
    assertThat(heard.out()).contains("/dev/pts/0", "42");
    System.out.println(heard.out());
  }
}
