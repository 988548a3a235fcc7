package io.lifeline.operator.rescue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How long something has been as it is, by this process's own monotonic clock: what a broken node's
 * clock says, or the API server's, is not compared with ours. One thread.
 */
public final class Steady {

  private record Seen(String value, long since) {}

  private final LongSupplier nanos;
  private final Map<String, Seen> seen = new HashMap<>();

  /**
   * @param nanos {@link System#nanoTime}, or a test's
   */
  public Steady(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How long {@code thing} has had this value, since it was first asked about with it. */
  public Duration since(String thing, String value) {
    long now = nanos.getAsLong();
    Seen before = seen.get(thing);
    if (before == null || !before.value().equals(value)) {
      seen.put(thing, new Seen(value, now));
      return Duration.ZERO;
    }
    return Duration.ofNanos(now - before.since());
  }

  /** Forgets what begins with none of these. */
  public void keepOnly(Set<String> beginnings) {
    seen.keySet().removeIf(thing -> beginnings.stream().noneMatch(thing::startsWith));
  }
}
