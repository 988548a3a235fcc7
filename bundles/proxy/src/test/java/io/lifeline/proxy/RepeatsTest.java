package io.lifeline.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepeatsTest {

  private final AtomicLong now = new AtomicLong(-5);
  private final Repeats repeats = new Repeats(now::get);

  @Test
  void theSameIsToldOnceUntilSomeMinutesHavePassed() {
    assertThat(repeats.isNews("w2", "WorkerReady")).isTrue();
    assertThat(repeats.isNews("w2", "WorkerReady")).isFalse();
    now.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(repeats.isNews("w2", "WorkerReady")).isFalse();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(repeats.isNews("w2", "WorkerReady")).isTrue();
  }

  @Test
  void anotherReasonAndAnotherWorkerAreNews() {
    assertThat(repeats.isNews("w2", "WorkerReady")).isTrue();
    assertThat(repeats.isNews("w2", "NoNodeDebug")).isTrue();
    assertThat(repeats.isNews("w3", "NoNodeDebug")).isTrue();
    assertThat(repeats.isNews("w2", "WorkerReady")).isTrue();
  }
}
