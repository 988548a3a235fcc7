package io.lifeline.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shell's terminal outlives the agent that opened it. */
class KeptTerminalTest {

  private Fixture fixture;
  private DebugContainer container;

  /** The client of a life that is over: hears the prompt, then takes nothing any more. */
  private static final class Dead implements SessionStreams {

    private final CountDownLatch heard = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void stdout(ByteBuffer bytes) throws InterruptedException {
      bytes.position(bytes.limit());
      heard.countDown();
      over.await();
    }

    @Override
    public void stderr(ByteBuffer bytes) {
      bytes.position(bytes.limit());
    }

    @Override
    public void inputWanted() {}

    @Override
    public void ended(ExitStatus status) {}
  }

  @BeforeEach
  void create() throws Exception {
    fixture = new Fixture("runc", ExecBy.AGENT);
    container = fixture.create("sleep", "600");
  }

  @AfterEach
  void delete() throws Exception {
    container.delete();
    fixture.close();
  }

  private static void type(ContainerProcess process, String keys) {
    process.stdin(ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8)));
  }

  private Path kept(String name) {
    return fixture.state.resolve("containers/" + container.id() + "/kept/" + name);
  }

  @Test
  void theNextLifeHasTheSameShellAndNothingThatItSaidMeanwhileIsLost() throws Exception {
    long holders = Fixture.running("sleep infinity");
    Dead dead = new Dead();
    ContainerProcess first = container.exec(Fixture.terminal("bash", "--norc"), dead);
    container.keep(first, "amber-7");
    assertThat(Fixture.running("sleep infinity")).isEqualTo(holders + 1);
    dead.heard.await();
    type(first, "VALUE=41; echo mean-$((20 + 2))\n");

    try (Fixture next = fixture.another()) {
      DebugContainer found = next.containers.find(container.id()).orElseThrow();
      Heard heard = new Heard();
      ContainerProcess again = found.kept("amber-7", heard).orElseThrow();
      heard.until(said -> said.contains("mean-22"));
      type(again, "echo value-$((VALUE + 1))\n");
      heard.until(said -> said.contains("value-42"));
      type(again, "exit\n");
      heard.end();
      Fixture.until(() -> Fixture.running("sleep infinity") == holders);
      assertThat(kept("amber-7")).doesNotExist();
      assertThat(found.kept("amber-7", new Heard())).isEmpty();
    } finally {
      dead.over.countDown();
    }
  }

  @Test
  void aShellThatEndsTakesItsHolderAlong() throws Exception {
    long holders = Fixture.running("sleep infinity");
    Heard heard = new Heard();
    ContainerProcess shell = container.exec(Fixture.terminal("bash", "--norc"), heard);
    container.keep(shell, "amber-8");
    assertThat(Files.exists(kept("amber-8"))).isTrue();
    shell.close();
    heard.end();
    Fixture.until(() -> Fixture.running("sleep infinity") == holders);
    assertThat(kept("amber-8")).doesNotExist();
  }

  @Test
  void whatHasNoTerminalOrHasEndedIsNotKept() throws Exception {
    long holders = Fixture.running("sleep infinity");
    Heard pipes = new Heard();
    ContainerProcess cat = container.exec(Fixture.command("cat"), pipes);
    container.keep(cat, "amber-9");
    Heard over = new Heard();
    ContainerProcess ended = container.exec(Fixture.terminal("true"), over);
    over.end();
    container.keep(ended, "amber-1");
    assertThat(Fixture.running("sleep infinity")).isEqualTo(holders);
    assertThat(container.kept("amber-9", new Heard())).isEmpty();
    cat.close();
    pipes.end();
  }
}
