package io.lifeline.session.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Knows who is in a client's hands and since when, and can take him out of them. */
final class Stalled {

  private @Nullable Thread thread;
  private long sinceNanos;
  private boolean givenUp;

  /** The calling thread hands something to the client. */
  synchronized void begin() {
    thread = Thread.currentThread();
    sinceNanos = System.nanoTime();
    givenUp = false;
  }

  synchronized void end() {
    thread = null;
  }

  /** Whether the interrupt that just came was ours. */
  synchronized boolean wasGivenUp() {
    return givenUp;
  }

  /** Interrupts whoever has waited for the client for so long. */
  synchronized void giveUpAfter(Duration limit) {
    if (thread != null && !givenUp && System.nanoTime() - sinceNanos > limit.toNanos()) {
      givenUp = true;
      thread.interrupt();
    }
  }
}
