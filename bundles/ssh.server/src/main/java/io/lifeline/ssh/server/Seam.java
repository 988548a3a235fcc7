package io.lifeline.ssh.server;

import io.lifeline.node.api.Awaited;
import io.lifeline.session.api.SessionRefusedException;
import java.util.Optional;

/**
 * A service of another bundle that may come and go while this one works. Any thread.
 *
 * @param <T> the service's contract
 */
final class Seam<T> {

  private final String missing;
  private final Awaited<T> service = new Awaited<>();

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

  void bind(T bound) {
    service.bind(bound);
  }

  /** Forgets a service, if another has not taken its place already. */
  void unbind(T bound) {
    service.unbind(bound);
  }

  /** What is bound now is good for those who still come in by an instance that was replaced. */
  void keep() {
    service.keep();
  }

  Optional<T> get() {
    return service.get();
  }

  /** Waits for it when it has just gone; on a thread that may block. */
  Optional<T> awaited() {
    return service.awaited();
  }

  T orRefuse() throws SessionRefusedException {
    return awaited().orElseThrow(() -> new SessionRefusedException(missing));
  }
}
