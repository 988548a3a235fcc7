package io.lifeline.session.engine;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service of another bundle. When it has just gone, its bundle is perhaps being replaced, and who
 * wants it waits for the next one. Any thread that may block.
 */
final class Awaited<T> {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private @Nullable T bound;
  private long patientUntil = System.nanoTime();

  synchronized void bind(T service) {
    bound = service;
    notifyAll();
  }

  /** Another may have taken its place already. */
  synchronized void unbind(T service) {
    if (bound == service) {
      bound = null;
      patientUntil = System.nanoTime() + PATIENCE_NANOS;
    }
  }

  synchronized Optional<T> get() {
    try {
      while (bound == null) {
        long millis = TimeUnit.NANOSECONDS.toMillis(patientUntil - System.nanoTime());
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
