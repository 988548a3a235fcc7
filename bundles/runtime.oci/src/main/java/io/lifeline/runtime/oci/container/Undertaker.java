package io.lifeline.runtime.oci.container;

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
  private static final long STACK = 256 * 1024L;

  private final Subreaper subreaper;
  private final BooleanSupplier moreMayCome;
  private boolean working;

  /**
   * @param moreMayCome whether there are containers
   */
  Undertaker(Awaited awaited, BooleanSupplier moreMayCome) {
    this.subreaper = new Subreaper(awaited::contains);
    this.moreMayCome = moreMayCome;
  }

  /** There is a container: works from now on, if it does not already. */
  synchronized void begin() {
    if (working) {
      return;
    }
    Thread thread = new Thread(null, this::work, "lifeline-undertaker", STACK);
    thread.setDaemon(true);
    try {
      thread.start();
      working = true;
    } catch (OutOfMemoryError e) {
      LOG.warn("ended orphans stay until the next container: {}", e.getMessage());
    }
  }

  private synchronized void work() {
    try {
      while (moreMayCome.getAsBoolean() || Subreaper.hasChildren()) {
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
