package io.lifeline.operator;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the one who waits; many rings before it wakes are one. Any thread may ring. */
final class Bell {

  private final Semaphore rings = new Semaphore(0);

  void ring() {
    rings.release();
  }

  /** Waits until it rings, at most so long. */
  void await(Duration most) throws InterruptedException {
    if (rings.tryAcquire(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS)) {
      rings.drainPermits();
    }
  }
}
