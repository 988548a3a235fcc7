package io.lifeline.session.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How all sessions are ended: told, given a moment, hung up, and killed where that did not do. */
final class Farewell {

  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
  private static final int SIGKILL = 9;
  private static final Duration ENOUGH_TO_DIE = Duration.ofSeconds(2);
  private static final long A_SECOND = 1_000_000_000L;

  private final Live live;
  private final Ending ending;
  private final Duration grace;

  /**
   * @param grace how long people have when they are asked to go gently
   */
  Farewell(Live live, Ending ending, Duration grace) {
    this.live = live;
    this.ending = ending;
    this.grace = grace;
  }

  /**
   * Blocks until the grace is over or nobody is there, and then as {@link #now} does; or until it
   * is called off, and says so.
   */
  boolean gently(String cause, Duration within, BooleanSupplier calledOff) {
    ending.closed(cause + ": no new session is opened");
    ending.begin();
    if (isAnybodyThere() && ending.graceEnds() > System.nanoTime()) {
      Told.all(
          "%s: this debug session ends in %s; 'lifeline stay' asks once for more"
              .formatted(cause, Countdown.words(grace)),
          live.all());
      try {
        while (isAnybodyThere() && System.nanoTime() - ending.graceEnds() < 0) {
          if (calledOff.getAsBoolean()) {
            ending.admitted();
            return false;
          }
          live.awaitChange(Math.min(ending.graceEnds(), System.nanoTime() + A_SECOND));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    now(cause + ": this debug session ends now", within);
    return true;
  }

  private boolean isAnybodyThere() {
    return live.all().stream().anyMatch(session -> !session.isAlone());
  }

  /** Blocks until all have ended, at most as long as this and what it takes to be killed. */
  void now(String line, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    ending.closed(line);
    List<LiveSession> all = live.all();
    Told.all(line, all);
    all.forEach(session -> session.close(line));
    try {
      List<LiveSession> stubborn = awaited(all, end);
      if (!stubborn.isEmpty()) {
        stubborn.forEach(session -> session.signal(SIGKILL));
        List<LiveSession> left = awaited(stubborn, System.nanoTime() + ENOUGH_TO_DIE.toNanos());
        left.forEach(
            session ->
                LOG.warn(
                    "the session {} has not ended although its process was killed: the kernel or"
                        + " its client holds it",
                    session.id()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<LiveSession> awaited(List<LiveSession> sessions, long end)
      throws InterruptedException {
    List<LiveSession> left = new ArrayList<>();
    for (LiveSession session : sessions) {
      if (!session.awaitEnd(Math.max(0, end - System.nanoTime()))) {
        left.add(session);
      }
    }
    return left;
  }
}
