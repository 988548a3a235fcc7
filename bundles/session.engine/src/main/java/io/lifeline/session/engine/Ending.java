package io.lifeline.session.engine;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the sessions' end has been announced: at a moment, because what they are allowed with
 * ends then; or after a grace, because the worker is Ready again. Any thread.
 */
final class Ending {

  private final Duration grace;
  private Optional<String> closedBy = Optional.empty();
  private @Nullable Countdown access;
  private @Nullable Countdown graceful;
  private boolean stayed;

  Ending(Duration grace) {
    this.grace = grace;
  }

  synchronized void at(long endNanos, String what) {
    access = new Countdown(endNanos, what);
  }

  /** No new sessions; says why. */
  synchronized void closed(String why) {
    closedBy = Optional.of(why);
  }

  /** Why no new session is opened; empty when they are welcome. */
  synchronized Optional<String> closedBy() {
    return closedBy;
  }

  synchronized void admitted() {
    closedBy = Optional.empty();
    graceful = null;
    stayed = false;
  }

  /** Begins the grace. */
  synchronized void begin() {
    stayed = false;
    grant(System.nanoTime() + grace.toNanos());
  }

  private void grant(long endNanos) {
    long end = access == null ? endNanos : Math.min(endNanos, access.endNanos());
    graceful = new Countdown(end, "this debug session");
  }

  /** When the grace is over, on the monotonic clock. */
  synchronized long graceEnds() {
    return graceful == null ? System.nanoTime() : graceful.endNanos();
  }

  /** Once more the same; says what came of it. */
  synchronized String stay(String who) {
    if (graceful == null) {
      return access == null
          ? "nothing ends now"
          : access.standing(System.nanoTime()).orElse("nothing ends soon")
              + "; only a new approval prolongs that";
    }
    if (stayed) {
      return "more time was asked for already, and there is no more";
    }
    stayed = true;
    grant(graceful.endNanos() + grace.toNanos());
    return "%s asked for more time: this debug session ends in %s"
        .formatted(
            who,
            Countdown.words(
                Duration.ofNanos(graceful.endNanos() - System.nanoTime() + 500_000_000)));
  }

  /** Whether there is a grace that somebody may prolong. */
  synchronized boolean mayStay() {
    return graceful != null && !stayed;
  }

  /** What every terminal is told at this moment. */
  synchronized Optional<String> due(long now) {
    Countdown nearer = graceful == null ? access : graceful;
    return nearer == null ? Optional.empty() : nearer.due(now);
  }

  /** What somebody is told who comes now. */
  synchronized Optional<String> standing(long now) {
    return access == null ? Optional.empty() : access.standing(now);
  }
}
