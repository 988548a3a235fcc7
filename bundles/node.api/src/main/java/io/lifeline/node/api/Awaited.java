package io.lifeline.node.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A service of another bundle that may come and go while this one works. When it has just gone, its
 * bundle is perhaps being replaced, and who wants it may wait for the next one. Any thread.
 *
 * @param <T> the service's contract
 */
public class Awaited<T> {

  /** How long who wants a service waits for the next one. */
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  private @Nullable T bound;
  private long patientUntil = System.nanoTime();
  private boolean kept;

  /** From now on it is this one; whoever waits goes on. */
  public synchronized void bind(T service) {
    bound = service;
    notifyAll();
  }

  /** Forgets a service, if another has not taken its place already. */
  public synchronized void unbind(T service) {
    if (bound == service && !kept) {
      bound = null;
      patientUntil = System.nanoTime() + PATIENCE.toNanos();
    }
  }

  /** What is bound now is good for those who are still served by an instance that was replaced. */
  public synchronized void keep() {
    kept = true;
  }

  /** What is bound now. Does not block. */
  public synchronized Optional<T> get() {
    return Optional.ofNullable(bound);
  }

  /** Waits for it when it has just gone, at most {@link #PATIENCE}; on a thread that may block. */
  public synchronized Optional<T> awaited() {
    try {
      while (bound == null) {
        long millis = (patientUntil - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          break;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.ofNullable(bound);
  }
}
