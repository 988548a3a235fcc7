package io.lifeline.session.engine;

import static io.lifeline.session.engine.Sessions.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.Sessions.Person;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EndingTest {

  private static final Duration ENOUGH = Duration.ofSeconds(2);

  private static List<String> told(Countdown countdown, int fromSeconds, int toSeconds) {
    List<String> lines = new ArrayList<>();
    for (int left = fromSeconds; left > toSeconds; left--) {
      countdown.due(-left * 1_000_000_000L).ifPresent(lines::add);
    }
    return lines;
  }

  @Test
  void theEndIsToldTenMinutesFiveOneThirtySecondsAndTheLastTen() {
    assertThat(told(new Countdown(0, "it"), 3600, 0))
        .containsExactly(
            "it ends in 10 minutes",
            "it ends in 5 minutes",
            "it ends in 60 seconds",
            "it ends in 30 seconds",
            "it ends in 10 seconds",
            "it ends in 9 seconds",
            "it ends in 8 seconds",
            "it ends in 7 seconds",
            "it ends in 6 seconds",
            "it ends in 5 seconds",
            "it ends in 4 seconds",
            "it ends in 3 seconds",
            "it ends in 2 seconds",
            "it ends in 1 second");
  }

  @Test
  void anEndThatIsNearAlreadyIsToldAsItIs() {
    assertThat(told(new Countdown(0, "it"), 25, 12)).containsExactly("it ends in 25 seconds");
    assertThat(told(new Countdown(0, "it"), -1, -10)).isEmpty();
  }

  @Test
  void everyTerminalIsToldOfTheAccesssEndAndWhoComesLateToo() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person early = house.shell();
    house.engine.endsAt(System.nanoTime() + 30_000_000_000L, "the certificate of w2-debug");
    until(
        "it is counted down",
        () -> early.client().heard().contains("the certificate of w2-debug ends in "));
    Person late = house.shell();
    late.process().says("$ ");
    assertThat(late.client().heard()).contains("the certificate of w2-debug ends in");
  }

  @Test
  void whoIsInHasAGraceAndWhoComesIsToldWhy() throws Exception {
    Sessions house = new Sessions(Map.of("grace", "1s"));
    Person person = house.shell();
    Thread end = new Thread(() -> house.engine.endAllGently("w2 is Ready again", ENOUGH));
    long begun = System.nanoTime();
    end.start();
    until("it is told", () -> person.client().heard().contains("w2 is Ready again: this debug"));
    assertThat(person.client().heard()).contains("ends in 1 second; 'lifeline stay'");
    assertThatThrownBy(house::shell)
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContaining("w2 is Ready again");
    assertThat(person.client().ended).isNotDone();
    end.join();
    assertThat(System.nanoTime() - begun).isGreaterThan(900_000_000L);
    assertThat(person.client().heard()).contains("w2 is Ready again: this debug session ends now");
    assertThat(person.client().ended).isDone();
  }

  @Test
  void aGraceThatIsCalledOffLeavesEverythingAsItWas() throws Exception {
    Sessions house = new Sessions(Map.of("grace", "10m"));
    Person person = house.shell();
    AtomicBoolean broken = new AtomicBoolean();
    AtomicBoolean ended = new AtomicBoolean(true);
    Thread end =
        new Thread(
            () -> ended.set(house.engine.endAllGently("w2 is Ready again", ENOUGH, broken::get)));
    end.start();
    until("it is told", () -> person.client().heard().contains("10 minutes"));
    broken.set(true);
    end.join(30_000);
    assertThat(ended).isFalse();
    assertThat(person.client().ended).isNotDone();
    assertThat(house.shell().client().ended).as("others may come again").isNotDone();
    person.process().asks("stay");
    assertThat(person.client().heard()).contains("nothing ends now");
  }

  @Test
  void theGraceIsOverWhenEverybodyHasGone() throws Exception {
    Sessions house = new Sessions(Map.of("grace", "10m"));
    Person person = house.shell();
    Thread end = new Thread(() -> house.engine.endAllGently("w2 is Ready again", ENOUGH));
    end.start();
    until("it is told", () -> person.client().heard().contains("10 minutes"));
    person.process().exits(0);
    end.join(30_000);
    assertThat(end.isAlive()).isFalse();
  }

  @Test
  void moreTimeIsGivenOnce() throws Exception {
    Sessions house = new Sessions(Map.of("grace", "2s"));
    Person person = house.shell();
    person.process().asks("stay");
    assertThat(person.client().heard()).contains("nothing ends now");
    Thread end = new Thread(() -> house.engine.endAllGently("w2 is Ready again", ENOUGH));
    long begun = System.nanoTime();
    end.start();
    until("it is told", () -> person.client().heard().contains("Ready again"));
    person.process().asks("stay");
    assertThat(person.client().heard())
        .contains("granted", person.id() + " asked for more time: this debug session ends in ");
    person.process().asks("stay");
    assertThat(person.client().heard()).contains("there is no more");
    end.join();
    assertThat(System.nanoTime() - begun).isBetween(3_500_000_000L, 30_000_000_000L);
  }

  @Test
  void theGraceIsNoLongerThanTheAccess() throws Exception {
    Sessions house = new Sessions(Map.of("grace", "10m"));
    house.shell();
    house.engine.endsAt(System.nanoTime() + 500_000_000L, "the certificate");
    long begun = System.nanoTime();
    house.engine.endAllGently("w2 is Ready again", ENOUGH);
    assertThat(System.nanoTime() - begun).isLessThan(60_000_000_000L);
  }

  @Test
  void anInterruptEndsTheGrace() throws Exception {
    Sessions house = new Sessions(Map.of("grace", "10m"));
    house.shell();
    Thread end = new Thread(() -> house.engine.endAllGently("w2 is Ready again", ENOUGH));
    end.start();
    until("it waits", () -> end.getState() == Thread.State.TIMED_WAITING);
    end.interrupt();
    end.join(30_000);
    assertThat(end.isAlive()).isFalse();
  }

  @Test
  void aFullScreenProgramKeepsItsScreenButTheLastRow() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person person = house.shell();
    person.session().resize(new TerminalSize(20, 24));
    person.process().says("\u001b[?1049h");
    house.engine.broadcast("the certificate ends in 5 minutes");
    assertThat(person.client().heard())
        .isEqualTo(
            "\u001b[?1049h\u001b7\u001b[?6l\u001b[24;1H\u001b[0;7m*** the certificate"
                + "\u001b[0m\u001b[K\u001b8");
    person.process().says("\u001b[?1049l");
    house.engine.broadcast("soon");
    assertThat(person.client().heard()).endsWith("\u001b[?1049l\r\n*** soon ***\r\n");
  }

  @Test
  void aWordIsNotPutIntoAnEscapeSequence() throws Exception {
    Sessions house = new Sessions(Map.of());
    Person person = house.shell();
    person.process().says("\u001b[3");
    house.engine.broadcast("soon");
    assertThat(person.client().heard()).isEqualTo("\u001b[3");
    person.process().says("1mred");
    assertThat(person.client().heard()).isEqualTo("\u001b[31mred\r\n*** soon ***\r\n");
  }

  @Test
  void aTerminalThatNobodyUsesIsClosedWhenSoConfigured() throws Exception {
    Sessions house = new Sessions(Map.of("idle.max", "500ms"));
    Person person = house.shell();
    until("it is closed", () -> person.client().ended.isDone());
    assertThat(person.client().heard()).contains("idle.max");
    assertThat(house.audit).last().asString().contains("idle.max");
  }

  @Test
  void whoSaysMoreThanAllowedWaits() throws Exception {
    Sessions house = new Sessions(Map.of("rate.max", "100"));
    Person person = house.shell();
    long begun = System.nanoTime();
    byte[] piece = new byte[10_240];
    java.util.Arrays.fill(piece, (byte) 'x');
    for (int i = 0; i < 15; i++) {
      person.process().says(new String(piece, StandardCharsets.US_ASCII));
    }
    // 150 KiB: a second's worth at once, the rest in half a second.
    assertThat(System.nanoTime() - begun).isBetween(450_000_000L, 30_000_000_000L);
    assertThat(person.client().heard()).hasSize(153_600);
  }
}
