package io.lifeline.node.api;

import io.lifeline.security.api.ApiAccess;

/**
 * What the backup node is allowed with, and until when.
 *
 * @param access the API server, as {@code system:node:<worker>-debug}
 * @param clientCaPem the authority of the API server's own client certificate: who calls the
 *     kubelet API with a certificate must lead to it
 * @param endNanos its end on {@link System#nanoTime}'s clock, which runs on over a restart of this
 *     process but not over one of the machine: the earlier of the certificate's end by the API
 *     server's clock and the configured life
 */
public record NodeCredential(ApiAccess access, String clientCaPem, long endNanos) {

  /** How long it is still good; zero or less when it is over. */
  public java.time.Duration left() {
    return java.time.Duration.ofNanos(endNanos - System.nanoTime());
  }
}
