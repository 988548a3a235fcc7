package io.lifeline.session.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Tells how long there still is: 10, 5 and 1 minutes before an end, 30 seconds, the last ten. */
final class Countdown {

  private static final int[] MARKS = {600, 300, 60, 30, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

  private final long endNanos;
  private final String what;
  private int told = Integer.MAX_VALUE;

  /**
   * @param what what ends
   */
  Countdown(long endNanos, String what) {
    this.endNanos = endNanos;
    this.what = what;
  }

  long endNanos() {
    return endNanos;
  }

  /** The line that is due at this moment; each is due once. */
  Optional<String> due(long now) {
    long left = (endNanos - now + 999_999_999L) / 1_000_000_000L;
    OptionalInt mark = mark(left);
    if (left <= 0 || mark.isEmpty() || mark.getAsInt() >= told) {
      return Optional.empty();
    }
    told = mark.getAsInt();
    return Optional.of("%s ends in %s".formatted(what, words(Duration.ofSeconds(left))));
  }

  /** For somebody who comes late, when the end is near. */
  Optional<String> standing(long now) {
    long left = (endNanos - now) / 1_000_000_000L;
    return left > 0 && left <= MARKS[0]
        ? Optional.of("%s ends in %s".formatted(what, words(Duration.ofSeconds(left))))
        : Optional.empty();
  }

  private static OptionalInt mark(long left) {
    OptionalInt smallest = OptionalInt.empty();
    for (int mark : MARKS) {
      if (left <= mark) {
        smallest = OptionalInt.of(mark);
      }
    }
    return smallest;
  }

  static String words(Duration left) {
    long seconds = left.toSeconds();
    if (seconds >= 120) {
      long minutes = (seconds + 30) / 60;
      return minutes + " minutes";
    }
    return seconds == 1 ? "1 second" : seconds + " seconds";
  }
}
