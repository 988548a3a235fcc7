package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.OwnThread;
import io.lifeline.runtime.oci.linux.Subreaper;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buries what processes of containers leave behind, for as long as there may be any: this process
 * adopts them all, also a service that somebody starts from a debug shell and that lives on for
 * weeks after it.
 */
final class Undertaker {

  private static final Logger LOG = LoggerFactory.getLogger(Undertaker.class);
  private static final long EVERY_MILLIS = 5000;

  private final Subreaper subreaper;
  private final BooleanSupplier moreMayCome;
  private boolean working;
  private boolean over;

  /**
   * @param moreMayCome whether there are containers
   */
  Undertaker(Awaited awaited, BooleanSupplier moreMayCome) {
    this.subreaper = new Subreaper(awaited::contains);
    this.moreMayCome = moreMayCome;
  }

  /** There may be something to bury: works from now on, if it does not already. */
  synchronized void begin() {
    if (working || over) {
      return;
    }
    try {
      new OwnThread(this::work, "lifeline-undertaker").start();
      working = true;
    } catch (OutOfMemoryError e) {
      LOG.warn("ended orphans stay until the next container: {}", e.getMessage());
    }
  }

  /** This instance is replaced; the next has an undertaker of its own for all of them. */
  synchronized void end() {
    over = true;
    notifyAll();
  }

  private synchronized void work() {
    try {
      while (!over && (moreMayCome.getAsBoolean() || Subreaper.hasChildren())) {
        wait(EVERY_MILLIS);
        subreaper.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      working = false;
    }
  }
}
