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

  /**
   * @param counted how much of the time until the last look counts
   */
  private record Seen(String value, long since, long last, long counted) {}

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
    Seen now = seen(thing, value, Duration.ofNanos(Long.MAX_VALUE));
    return Duration.ofNanos(now.last() - now.since());
  }

  /**
   * The same, but between two looks no more than {@code most} counts: a time in which nobody could
   * look, because the API server was away, says nothing.
   */
  public Duration watched(String thing, String value, Duration most) {
    return Duration.ofNanos(seen(thing, value, most).counted());
  }

  private Seen seen(String thing, String value, Duration most) {
    long now = nanos.getAsLong();
    Seen before = seen.get(thing);
    Seen after =
        before == null || !before.value().equals(value)
            ? new Seen(value, now, now, 0)
            : new Seen(
                value,
                before.since(),
                now,
                before.counted() + Math.min(now - before.last(), most.toNanos()));
    seen.put(thing, after);
    return after;
  }

  /** Forgets what begins with none of these. */
  public void keepOnly(Set<String> beginnings) {
    seen.keySet().removeIf(thing -> beginnings.stream().noneMatch(thing::startsWith));
  }
}
