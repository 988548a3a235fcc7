package io.lifeline.node.api;

import io.lifeline.security.api.ApiAccess;
import java.time.Duration;
import java.time.Instant;

/**
 * What the backup node is allowed with, and until when.
 *
 * @param access the API server, as {@code system:node:<worker>-debug}
 * @param clientCaPem the authority of the API server's own client certificate: who calls the
 *     kubelet API with a certificate must lead to it
 * @param endNanos its end on {@link System#nanoTime}'s clock, which runs on over a restart of this
 *     process but not over one of the machine: the earlier of the certificate's end by the API
 *     server's clock and the configured life
 * @param ends the same end by the API server's clock, to be told: nothing is timed by it
 */
public record NodeCredential(ApiAccess access, String clientCaPem, long endNanos, Instant ends) {

  /** How long it is still good; zero or less when it is over. */
  public Duration left() {
    return Duration.ofNanos(endNanos - System.nanoTime());
  }
}
