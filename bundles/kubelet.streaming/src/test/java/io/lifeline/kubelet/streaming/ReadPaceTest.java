package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadPaceTest {

  private static final int RECORD = 16 * 1024;

  private final List<Long> pauses = new ArrayList<>();
  private long now;
  private final ReadPace pace = new ReadPace(() -> now, pauses::add);

  private void after(long micros, int... reads) {
    now += micros * 1000;
    for (int bytes : reads) {
      pace.read(bytes);
    }
    pace.complete();
  }

  @Test
  void inTheMiddleOfAFlowItWaitsForMore() {
    after(0, RECORD);
    after(200, RECORD);
    after(200, RECORD, 100);
    assertThat(pauses).containsExactly(100_000L, 100_000L);
  }

  @Test
  void aFirstReadAndOneAfterASilenceAreDealtWithAtOnce() {
    after(0, RECORD);
    after(1001, RECORD);
    assertThat(pauses).isEmpty();
  }

  @Test
  void whoTypesOrPastesALineNeverWaits() {
    for (int i = 0; i < 100; i++) {
      after(10, 1);
      after(10, 2000);
    }
    assertThat(pauses).isEmpty();
  }

  @Test
  void whatHasGatheredByItselfIsNotWaitedFor() {
    after(0, RECORD);
    after(200, RECORD, RECORD, RECORD, RECORD);
    assertThat(pauses).isEmpty();
  }

  @Test
  void theTimeOfOthersCountsAsSilence() {
    // Ten of them, each of whose pauses takes 150 µs: nobody's turn comes again in a millisecond.
    for (int i = 0; i < 20; i++) {
      after(1500, RECORD);
    }
    assertThat(pauses).isEmpty();
  }
}
