package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;
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
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final String missing;
  private @Nullable T bound;
  private long patientUntil = System.nanoTime();
  private boolean kept;

  /**
   * @param service what is missing when nothing is bound: its contract's name
   * @param bundle which bundle brings it
   */
  static <T> Seam<T> of(Class<T> service, String bundle) {
    return new Seam<>(
        "no %s is there: see that the bundle %s is active"
            .formatted(service.getSimpleName(), bundle));
  }

  private Seam(String missing) {
    this.missing = missing;
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

  /** What is bound now is good for the requests that are still being answered. */
  synchronized void keep() {
    kept = true;
  }

  synchronized Optional<T> get() {
    return Optional.ofNullable(bound);
  }

  /** The sentence for a refusal. */
  String missing() {
    return missing;
  }

  /**
   * The service, or a refusal with this status that names what is missing. Waits for it when it has
   * just gone; never on the event loop.
   */
  T orRefuse(HttpResponseStatus status) throws RefusedException {
    return awaited().orElseThrow(() -> new RefusedException(status, missing));
  }

  private synchronized Optional<T> awaited() {
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
