package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeardTimeTest {

  private static final Instant TRUE = Instant.parse("2026-03-01T12:00:00Z");
  private static final Predicate<Instant> GOOD = moment -> true;

  @TempDir Path folder;
  private Instant machine = TRUE;
  private long nanos = 7_000_000_000L;
  private HeardTime time;

  @BeforeEach
  void begin() throws IOException {
    Files.createDirectories(folder.resolve("sys/kernel/random"));
    kernel("boot-1", "100.00");
    time = process();
  }

  @Test
  void beforeAnAnswerItIsTheMachinesClock() {
    assertThat(time.heard()).isFalse();
    assertThat(time.instant()).isEqualTo(machine);
  }

  @Test
  void aStepOfTheMachinesClockChangesNothing() {
    time.hear(TRUE, GOOD);
    pass(Duration.ofMinutes(5));
    machine = machine.plus(Duration.ofDays(400));

    assertThat(time.instant()).isEqualTo(TRUE.plus(Duration.ofMinutes(5)));
    assertThat(time.machine()).isEqualTo(machine);
  }

  @Test
  void wholeSecondsAndSlowAnswersDoNotMakeItJump() {
    time.hear(TRUE, GOOD);
    pass(Duration.ofSeconds(10));
    time.hear(TRUE.plusSeconds(11), GOOD);
    time.hear(TRUE.plusSeconds(1), GOOD);

    assertThat(time.instant()).isEqualTo(TRUE.plusSeconds(10));
  }

  @Test
  void anAnswerThatIsLaterOrMuchEarlierCorrectsIt() {
    time.hear(TRUE, GOOD);
    time.hear(TRUE.plusSeconds(3), GOOD);
    assertThat(time.instant()).isEqualTo(TRUE.plusSeconds(3));
    time.hear(TRUE.minusSeconds(60), GOOD);
    assertThat(time.instant()).isEqualTo(TRUE.minusSeconds(60));
  }

  @Test
  void aTimeAtWhichTheServerItselfWouldBeRefusedIsNotTaken() {
    time.hear(TRUE, GOOD);
    time.hear(TRUE.plus(Duration.ofDays(400)), moment -> false);

    assertThat(time.instant()).isEqualTo(TRUE);
  }

  @Test
  void theNextProcessGoesOnWithIt() throws IOException {
    time.hear(TRUE, GOOD);
    machine = machine.plus(Duration.ofDays(400));
    kernel("boot-1", "160.50");

    HeardTime next = process();

    assertThat(next.heard()).isTrue();
    assertThat(next.instant()).isEqualTo(TRUE.plusMillis(60_500));
  }

  @Test
  void theNextBootDoesNot() throws IOException {
    time.hear(TRUE, GOOD);
    kernel("boot-2", "160.50");
    assertThat(process().heard()).isFalse();
  }

  /** The same boot's id over another uptime: it cannot be said what has passed. */
  @Test
  void anUptimeThatBeganAnewIsNotGoneBy() throws IOException {
    time.hear(TRUE, GOOD);
    kernel("boot-1", "3.00");
    assertThat(process().heard()).isFalse();
  }

  @Test
  void whatIsUnreadableIsHeardAnew() throws IOException {
    for (String junk : new String[] {"", "boot-1", "boot-1 x y", "boot-1 100000 soon"}) {
      Files.writeString(folder.resolve("time"), junk);
      assertThat(process().heard()).as("'%s'", junk).isFalse();
    }
  }

  private HeardTime process() {
    return new HeardTime(
        () -> machine, () -> nanos, Optional.of(new TimeFile(folder.resolve("time"), folder)));
  }

  private void pass(Duration length) {
    nanos += length.toNanos();
    machine = machine.plus(length);
  }

  private void kernel(String boot, String up) throws IOException {
    Files.writeString(folder.resolve("sys/kernel/random/boot_id"), boot + "\n");
    Files.writeString(folder.resolve("uptime"), up + " 50.00\n");
  }
}
