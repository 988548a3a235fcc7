package io.lifeline.session.engine;

import java.util.concurrent.locks.LockSupport;

/**
 * Holds a process up when it says more than it may; a second's worth may come at once. One thread.
 */
final class Pace {

  private static final long A_SECOND = 1_000_000_000L;

  private final long bytesPerSecond;
  private long due;

  /**
   * @param most without a limit when it is zero
   */
  Pace(EngineSettings.Rate most) {
    this.bytesPerSecond = most.kib() * 1024L;
  }

  void hold(int count) {
    if (bytesPerSecond == 0) {
      return;
    }
    long now = System.nanoTime();
    due = Math.max(due, now - A_SECOND) + count * A_SECOND / bytesPerSecond;
    if (due > now) {
      LockSupport.parkNanos(due - now);
    }
  }
}
