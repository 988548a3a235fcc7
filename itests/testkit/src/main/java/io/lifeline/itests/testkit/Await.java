package io.lifeline.itests.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Waiting for a condition, never for a time: it ends as soon as the condition holds. */
public final class Await {

  private static final Duration POLL = Duration.ofMillis(100);

  private static final Duration LONG = Duration.ofMillis(700);

  private static volatile Consumer<String> listener = line -> {};

  private Await() {}

  /** Lets somebody know of every wait that was not short, when it is over. */
  public static void tell(Consumer<String> of) {
    listener = of;
  }

  /** A condition; what it throws counts as <em>not yet</em> and is told when the time is over. */
  @FunctionalInterface
  public interface Check {
    boolean holds() throws Exception;
  }

  /**
   * Waits until a condition holds.
   *
   * @param what a sentence without its end: "the Node w2-debug is Ready"
   * @throws AssertionError when the time is over; tells what was waited for
   */
  public static void until(String what, Duration within, Check check) {
    value(what, within, () -> check.holds() ? Optional.of(true) : Optional.empty());
  }

  /**
   * Waits until there is something to return.
   *
   * @param what a sentence without its end: "the request's name is in the status"
   */
  public static <T> T value(String what, Duration within, Callable<Optional<T>> look) {
    long began = System.nanoTime();
    long end = began + within.toNanos();
    String last = "";
    do {
      try {
        Optional<T> seen = look.call();
        if (seen.isPresent()) {
          tellOf(what, Duration.ofNanos(System.nanoTime() - began));
          return seen.get();
        }
        last = "";
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting until " + what, e);
      } catch (Exception | AssertionError e) {
        last = "; the last look failed: " + e.getMessage();
      }
      LockSupport.parkNanos(POLL.toNanos());
    } while (System.nanoTime() < end);
    throw new AssertionError(
        "waited %.1f s until %s, in vain%s".formatted(within.toMillis() / 1000.0, what, last));
  }

  static void tellOf(String what, Duration waited) {
    if (waited.compareTo(LONG) > 0) {
      listener.accept("%.1f s until %s".formatted(waited.toMillis() / 1000.0, what));
    }
  }
}
