package io.lifeline.session.engine;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread that looks once a second, as long as there is something to look at. */
final class Ticker {

  private static final long SECOND = 1000;
  private static final long STACK = 256 * 1024L;

  private final BooleanSupplier tick;
  private @Nullable Thread thread;
  private boolean needed;

  /**
   * @param tick says whether there will be something to look at again
   */
  Ticker(BooleanSupplier tick) {
    this.tick = tick;
  }

  /** There is something to look at. */
  synchronized void need() {
    needed = true;
    if (thread == null) {
      Thread fresh = new Thread(null, this::run, "lifeline-sessions", STACK);
      fresh.setDaemon(true);
      fresh.start();
      thread = fresh;
    }
  }

  private void run() {
    try {
      while (rest(tick.getAsBoolean())) {
        // Once more.
      }
    } catch (InterruptedException e) {
      // Stopped.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean rest(boolean again) throws InterruptedException {
    if (thread != Thread.currentThread()) {
      return false;
    }
    if (!again && !needed) {
      thread = null;
      return false;
    }
    needed = false;
    wait(SECOND);
    return true;
  }
}
