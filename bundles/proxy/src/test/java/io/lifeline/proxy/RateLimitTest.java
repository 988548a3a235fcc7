package io.lifeline.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private long now = Long.MAX_VALUE - 1_000_000_000L;
  private final RateLimit limit = new RateLimit(6, () -> now);

  private int taken(String worker) {
    int taken = 0;
    while (limit.take(worker)) {
      taken++;
    }
    return taken;
  }

  @Test
  void aWorkerHasItsShareAndNoMore() {
    assertThat(taken("w1")).isEqualTo(6);
    assertThat(taken("w2")).as("another's share is not used up").isEqualTo(6);
  }

  @Test
  void itFillsEvenlyAlsoWhenTheClockWrapsAround() {
    taken("w1");
    now += Duration.ofSeconds(5).toNanos();
    assertThat(limit.take("w1")).isFalse();
    now += Duration.ofSeconds(5).toNanos();
    assertThat(taken("w1")).isEqualTo(1);
    now += Duration.ofHours(5).toNanos();
    assertThat(taken("w1")).isEqualTo(6);
  }
}
