package io.lifeline.kubelet.server;

import io.lifeline.node.api.Awaited;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * A service of another bundle, and the refusal for who asks while there is none. Any thread.
 *
 * @param <T> the service's contract
 */
final class Seam<T> extends Awaited<T> {

  private final String missing;

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
}
