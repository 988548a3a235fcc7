package io.lifeline.kubelet.server;

import io.lifeline.node.api.Awaited;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;

/**
 * A service of another bundle that may come and go while this one works. Any thread.
 *
 * @param <T> the service's contract
 */
final class Seam<T> {

  private final String missing;
  private final Awaited<T> service = new Awaited<>();

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

  /** The sentence for a refusal. */
  String missing() {
    return missing;
  }

  /**
   * The service, or a refusal with this status that names what is missing. Waits for it when it has
   * just gone; never on the event loop.
   */
  T orRefuse(HttpResponseStatus status) throws RefusedException {
    return service.awaited().orElseThrow(() -> new RefusedException(status, missing));
  }
}
