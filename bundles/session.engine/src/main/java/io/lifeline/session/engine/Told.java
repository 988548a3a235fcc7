package io.lifeline.session.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells many sessions something at once. */
final class Told {

  private static final Logger LOG = LoggerFactory.getLogger(Told.class);
  private static final long STACK = 256 * 1024L;
  // A client that does not read is not waited for longer than this.
  private static final Duration ENOUGH_TO_BE_TOLD = Duration.ofSeconds(1);

  private Told() {}

  /**
   * Each session is told by a thread of its own, because a client that does not read blocks it; the
   * line is then said as soon as he reads again.
   */
  static void all(String line, List<LiveSession> sessions) {
    List<Thread> tellers = new ArrayList<>();
    for (LiveSession session : sessions) {
      if (session.isElsewhere()) {
        // Its terminal shows another session, which is told.
        continue;
      }
      session.output().leaveNotice(line);
      Thread teller =
          new Thread(null, () -> sayNow(session), "lifeline-broadcast-" + session.id(), STACK);
      teller.setDaemon(true);
      try {
        teller.start();
        tellers.add(teller);
      } catch (OutOfMemoryError e) {
        // No more threads on this machine: it is said with the process's next words.
        LOG.warn(
            "the session {} could not be told '{}' now: {}", session.id(), line, e.getMessage());
      }
    }
    long end = System.nanoTime() + ENOUGH_TO_BE_TOLD.toNanos();
    for (Thread teller : tellers) {
      try {
        teller.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      // Let go of a client who still does not read.
      teller.interrupt();
    }
  }

  private static void sayNow(LiveSession session) {
    try {
      session.output().sayNow();
    } catch (IOException e) {
      LOG.debug("the session {} could not be told: {}", session.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
