package io.lifeline.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What was told about whom: once, and again when it changes or some minutes have passed, because an
 * agent asks every second or two. Any thread.
 */
final class Repeats {

  private static final Duration AGAIN = Duration.ofMinutes(5);

  /** Beyond that all is told anew. */
  private static final int MOST_REMEMBERED = 1_000;

  private record Told(String what, long at) {}

  private final LongSupplier nanos;
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  /**
   * @param nanos {@link System#nanoTime}, or a test's
   */
  Repeats(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether {@code what} is news about {@code about}; if it is, it is remembered. */
  boolean isNews(Object about, Object what) {
    if (told.size() > MOST_REMEMBERED) {
      told.clear();
    }
    Told now = new Told(what.toString(), nanos.getAsLong());
    Told kept =
        told.merge(
            about.toString(), now, (before, fresh) -> isRepeat(before, fresh) ? before : fresh);
    return kept == now;
  }

  private static boolean isRepeat(Told before, Told fresh) {
    return before.what().equals(fresh.what()) && fresh.at() - before.at() < AGAIN.toNanos();
  }
}
