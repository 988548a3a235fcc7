package io.lifeline.runtime.oci.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.runtime.oci.Heard;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class AttachmentTest {

  private static final ContainerSpec OPEN = spec(false, ContainerInput.OPEN);

  private final MainOutput output = new MainOutput(false, Clock.systemUTC());

  private static ContainerSpec spec(boolean tty, ContainerInput input) {
    return new ContainerSpec("debug", "w2", List.of(), Map.of(), "/host", tty, input);
  }

  /** Reads only when it is let. */
  private static final class Slow implements SessionStreams {

    private final Heard heard = new Heard();
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    public void stdout(ByteBuffer bytes) throws InterruptedException {
      go.await();
      heard.stdout(bytes);
    }

    @Override
    public void stderr(ByteBuffer bytes) {}

    @Override
    public void inputWanted() {}

    @Override
    public void ended(ExitStatus status) {
      heard.ended(status);
    }
  }

  private static class Main implements ContainerProcess {

    @Override
    public boolean stdin(ByteBuffer bytes) {
      return true;
    }

    @Override
    public void closeStdin() {
      throw new IllegalStateException("the others still type");
    }

    @Override
    public void resize(TerminalSize size) {}

    @Override
    public void signal(int signal) {}

    @Override
    public void close() {
      throw new IllegalStateException("the main process lives on");
    }
  }

  @Test
  void whoIsSlowLosesOutputAndIsToldAndTheOthersGoOn() throws Exception {
    Slow slow = new Slow();
    Heard quick = new Heard();
    new Attachment(new Main(), output, slow, OPEN).start("test-slow");
    new Attachment(new Main(), output, quick, OPEN).start("test-quick");
    ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    for (int i = 0; i < 32; i++) {
      output.stdout(chunk.clear());
    }
    quick.until(text -> text.length() == 32 * 64 * 1024);
    slow.go.countDown();
    slow.heard.until(text -> text.contains("bytes were left out: this connection was too slow"));
    output.stdout(ByteBuffer.wrap("again".getBytes(UTF_8)));
    slow.heard.until(text -> text.endsWith("again"));
    output.ended(new ExitStatus.Exited(2));
    assertThat(slow.heard.end()).isEqualTo(new ExitStatus.Exited(2));
    assertThat(quick.end()).isEqualTo(new ExitStatus.Exited(2));
  }

  @Test
  void whoLeavesLeavesTheOthersAlone() throws Exception {
    Heard one = new Heard();
    Heard two = new Heard();
    Attachment leaving = new Attachment(new Main(), output, one, OPEN).start("test-one");
    new Attachment(new Main(), output, two, OPEN).start("test-two");
    leaving.closeStdin();
    leaving.close();
    assertThat(one.end()).isEqualTo(new ExitStatus.Exited(0));
    output.stdout(ByteBuffer.wrap("on".getBytes(UTF_8)));
    two.until("on"::equals);
    assertThat(one.out()).isEmpty();
    output.ended(new ExitStatus.Exited(0));
    two.end();
  }

  @Test
  void theInputThatIsForOneEndsWithHisAndHeHearsTheRest() throws Exception {
    AtomicInteger ends = new AtomicInteger();
    Main main =
        new Main() {
          @Override
          public void closeStdin() {
            ends.incrementAndGet();
          }
        };
    Heard one = new Heard();
    new Attachment(main, output, one, spec(false, ContainerInput.ONCE))
        .start("test-once")
        .closeStdin();
    assertThat(ends).hasValue(1);
    output.stdout(ByteBuffer.wrap("the answer".getBytes(UTF_8)));
    output.ended(new ExitStatus.Exited(3));
    assertThat(one.end()).isEqualTo(new ExitStatus.Exited(3));
    assertThat(one.out()).isEqualTo("the answer");
  }

  @Test
  void onATerminalTheInputStaysOpenForTheOthers() throws Exception {
    Heard one = new Heard();
    // Main throws when its input is closed.
    new Attachment(new Main(), output, one, spec(true, ContainerInput.ONCE))
        .start("test-once-on-a-terminal")
        .closeStdin();
    output.ended(new ExitStatus.Exited(0));
    one.end();
  }

  @Test
  void whoJoinsAShellSeesItsPromptAndNothingTwice() throws Exception {
    MainOutput shell = new MainOutput(true, Clock.systemUTC());
    shell.stdout(ByteBuffer.wrap("# ".getBytes(UTF_8)));
    Heard heard = new Heard();
    new Attachment(new Main(), shell, heard, OPEN).start("test-joins");
    shell.stdout(ByteBuffer.wrap("ls\r\n# ".getBytes(UTF_8)));
    shell.ended(new ExitStatus.Exited(0));
    heard.end();
    assertThat(heard.out()).isEqualTo("# ls\r\n# ");
  }

  @Test
  void whoJoinsLaterSeesWholeLastLinesAndNoMore() throws Exception {
    MainOutput shell = new MainOutput(true, Clock.systemUTC());
    for (int i = 0; i < 1000; i++) {
      shell.stdout(ByteBuffer.wrap("line %d\r\n".formatted(i).getBytes(UTF_8)));
    }
    Heard heard = new Heard();
    new Attachment(new Main(), shell, heard, OPEN).start("test-joins-later");
    shell.ended(new ExitStatus.Exited(0));
    heard.end();
    assertThat(heard.out()).startsWith("line ").endsWith("line 999\r\n").hasSizeLessThan(2048);
  }

  @Test
  void withoutATerminalNothingOfBeforeIsShown() throws Exception {
    output.stdout(ByteBuffer.wrap("before".getBytes(UTF_8)));
    Heard heard = new Heard();
    new Attachment(new Main(), output, heard, OPEN).start("test-joins-pipes");
    output.stdout(ByteBuffer.wrap("after".getBytes(UTF_8)));
    output.ended(new ExitStatus.Exited(0));
    heard.end();
    assertThat(heard.out()).isEqualTo("after");
  }
}
