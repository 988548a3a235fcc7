package io.lifeline.itests.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandTest {

  @Test
  void bothOutputsAndTheExitCodeAreKeptApart() {
    Command.Outcome outcome = Command.shell("echo out; echo err >&2; exit 3").run();
    assertThat(outcome.out()).isEqualTo("out\n");
    assertThat(outcome.err()).isEqualTo("err\n");
    assertThat(outcome.exit()).isEqualTo(3);
  }

  @Test
  void aCommandThatTakesTooLongIsEndedWithItsChildren() {
    Command.Outcome outcome = Command.shell("sleep 60 & wait").within(Duration.ofMillis(300)).run();
    assertThat(outcome.exit()).isEqualTo(Command.TIME_OVER);
    assertThat(outcome.took()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aFailureIsToldWithTheCommandAndItsOutput() {
    assertThatThrownBy(() -> Command.shell("echo no such thing >&2; false").output())
        .hasMessageContaining("no such thing")
        .hasMessageContaining("exit code 1");
  }

  @Test
  void whatIsWaitedForInVainIsNamed() {
    assertThatThrownBy(
            () -> Await.value("the moon is blue", Duration.ofMillis(50), Optional::empty))
        .hasMessageContaining("until the moon is blue, in vain");
  }

  @Test
  void waitingEndsAsSoonAsTheConditionHolds() {
    long began = System.nanoTime();
    Await.until("it is true", Duration.ofMinutes(1), () -> true);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }
}
