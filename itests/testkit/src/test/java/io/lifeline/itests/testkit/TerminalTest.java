package io.lifeline.itests.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void theProgramHasATerminalOfTheSizeThatWasAskedFor() {
    try (Terminal terminal = Terminal.open(List.of("sh"), new Terminal.Size(31, 97))) {
      terminal.type("tty && stty size");
      terminal.expect(Pattern.compile("/dev/pts/\\d+"), SOON);
      terminal.expect("31 97", SOON);
    }
  }

  @Test
  void aResizeReachesTheProgram() {
    try (Terminal terminal = Terminal.open(List.of("sh"))) {
      terminal.type("echo ready$((1 + 1))");
      terminal.expect("ready2", SOON);
      terminal.resize(new Terminal.Size(44, 155));
      terminal.type("stty size");
      terminal.expect("44 155", SOON);
    }
  }

  @Test
  void theExitCodeIsTheProgramsOwn() {
    try (Terminal terminal = Terminal.open(List.of("sh", "-c", "exit 7"))) {
      assertThat(terminal.exit(SOON)).isEqualTo(7);
    }
  }

  @Test
  void aTextThatDoesNotComeIsToldWithTheScreen() {
    try (Terminal terminal = Terminal.open(List.of("sh", "-c", "echo something else; sleep 9"))) {
      terminal.expect("something", SOON);
      assertThatThrownBy(() -> terminal.expect("this", Duration.ofMillis(200)))
          .hasMessageContaining("'this' was not shown")
          .hasMessageContaining("something else");
    }
  }

  @Test
  void aTextIsExpectedOnlyAfterTheOneBefore() {
    try (Terminal terminal = Terminal.open(List.of("sh", "-c", "echo one; echo two; sleep 9"))) {
      terminal.expect("two", SOON);
      assertThatThrownBy(() -> terminal.expect("one", Duration.ofMillis(200)))
          .isInstanceOf(AssertionError.class);
    }
  }
}
