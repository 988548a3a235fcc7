package io.lifeline.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

class RescuePhaseTest {

  /**
   * Every phase with every event: what it leads to, {@code -} for nothing, {@code !} for illegal.
   */
  @Test
  void everyEventInEveryPhaseIsDecided() {
    StringJoiner table = new StringJoiner("\n", "", "\n");
    for (RescuePhase phase : RescuePhase.values()) {
      for (RescueEvent event : RescueEvent.values()) {
        String next = outcome(phase, event);
        if (!next.equals("-")) {
          table.add(phase + " + " + event + " = " + next);
        }
      }
    }
    assertThat(table.toString())
        .isEqualTo(
            """
            WATCHING + WORKER_NOT_READY = SEEKING
            WATCHING + REQUESTED = !
            WATCHING + ISSUED = REGISTERING
            WATCHING + DENIED = !
            WATCHING + BEGUN = !
            WATCHING + LOST = !
            WATCHING + CALLED_OFF = !
            WATCHING + ENDED = !
            SEEKING + WORKER_READY = WATCHING
            SEEKING + REQUESTED = AWAITING_APPROVAL
            SEEKING + ISSUED = REGISTERING
            SEEKING + DENIED = !
            SEEKING + BEGUN = !
            SEEKING + LOST = !
            SEEKING + STOP = WATCHING
            SEEKING + CALLED_OFF = !
            SEEKING + ENDED = !
            AWAITING_APPROVAL + WORKER_READY = WATCHING
            AWAITING_APPROVAL + REQUESTED = !
            AWAITING_APPROVAL + ISSUED = REGISTERING
            AWAITING_APPROVAL + DENIED = SEEKING
            AWAITING_APPROVAL + BEGUN = !
            AWAITING_APPROVAL + LOST = !
            AWAITING_APPROVAL + STOP = WATCHING
            AWAITING_APPROVAL + CALLED_OFF = !
            AWAITING_APPROVAL + ENDED = !
            REGISTERING + WORKER_READY = ENDING
            REGISTERING + REQUESTED = !
            REGISTERING + ISSUED = !
            REGISTERING + DENIED = !
            REGISTERING + BEGUN = SERVING
            REGISTERING + EXPIRED = ENDING
            REGISTERING + STOP = ENDING
            REGISTERING + CALLED_OFF = !
            REGISTERING + ENDED = !
            SERVING + WORKER_READY = ENDING
            SERVING + REQUESTED = !
            SERVING + ISSUED = !
            SERVING + DENIED = !
            SERVING + LOST = REGISTERING
            SERVING + EXPIRED = ENDING
            SERVING + STOP = ENDING
            SERVING + CALLED_OFF = !
            SERVING + ENDED = !
            ENDING + REQUESTED = !
            ENDING + ISSUED = !
            ENDING + DENIED = !
            ENDING + CALLED_OFF = SERVING
            ENDING + ENDED = WATCHING
            """);
  }

  private static String outcome(RescuePhase phase, RescueEvent event) {
    try {
      return phase.next(event).map(Enum::name).orElse("-");
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining(phase.name()).hasMessageContaining(event.name());
      return "!";
    }
  }

  @Test
  void onlyAWorkerThatIsNotReadyOpensTheDoor() {
    assertThat(RescuePhase.WATCHING.next(RescueEvent.WORKER_READY)).isEqualTo(Optional.empty());
  }
}
