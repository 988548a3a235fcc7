package io.lifeline.ssh.server;

import io.lifeline.node.api.Awaited;
import io.lifeline.session.api.SessionRefusedException;

/**
 * A service of another bundle, and the refusal for who asks while there is none. Any thread.
 *
 * @param <T> the service's contract
 */
final class Seam<T> extends Awaited<T> {

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

  T orRefuse() throws SessionRefusedException {
    return awaited().orElseThrow(() -> new SessionRefusedException(missing));
  }
}
