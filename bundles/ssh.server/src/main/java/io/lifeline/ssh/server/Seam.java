package io.lifeline.ssh.server;

import io.lifeline.session.api.SessionRefusedException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service of another bundle that may come and go while this one works. Any thread.
 *
 * @param <T> the service's contract
 */
final class Seam<T> {

  /** How long who wants a service waits for the next one, when its bundle is being replaced. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final String missing;
  private @Nullable T bound;
  private long patientUntil = System.nanoTime();
  private boolean kept;

  private Seam(String missing) {
    this.missing = missing;
  }

  /**
   * @param service its contract
   * @param bundle which bundle brings it
   */
  static <T> Seam<T> of(Class<T> service, String bundle) {
    return new Seam<>(
        "no %s is there: see that the bundle %s is active"
            .formatted(service.getSimpleName(), bundle));
  }

  synchronized void bind(T service) {
    bound = service;
    notifyAll();
  }

  /** Forgets a service, if another has not taken its place already. */
  synchronized void unbind(T service) {
    if (bound == service && !kept) {
      bound = null;
      patientUntil = System.nanoTime() + PATIENCE_NANOS;
    }
  }

  /** What is bound now is good for those who still come in by an instance that was replaced. */
  synchronized void keep() {
    kept = true;
  }

  synchronized Optional<T> get() {
    return Optional.ofNullable(bound);
  }

  /** Waits for it when it has just gone; on a thread that may block. */
  synchronized Optional<T> awaited() {
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

  T orRefuse() throws SessionRefusedException {
    return awaited().orElseThrow(() -> new SessionRefusedException(missing));
  }
}
