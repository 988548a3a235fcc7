package io.lifeline.ssh.server;

import io.lifeline.session.api.SessionRefusedException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A service of another bundle that may come and go while this one works. Any thread.
 *
 * @param <T> the service's contract
 */
final class Seam<T> {

  private final AtomicReference<@Nullable T> bound = new AtomicReference<>();
  private final String missing;

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

  void bind(T service) {
    bound.set(service);
  }

  /** Forgets a service, if another has not taken its place already. */
  void unbind(T service) {
    bound.compareAndSet(service, null);
  }

  Optional<T> get() {
    return Optional.ofNullable(bound.get());
  }

  T orRefuse() throws SessionRefusedException {
    return get().orElseThrow(() -> new SessionRefusedException(missing));
  }
}
