package io.lifeline.node.api;

import java.util.Optional;

/**
 * Gets the backup node's certificate, step by step. One caller at a time; each step blocks no
 * longer than its own time limit and may be interrupted.
 */
public interface RescueCredentials {

  /** What is missing before a rescue could begin; empty when armed. */
  Optional<String> unarmed();

  /** Looks after what is missing now, and not at the next round; returns at once. */
  default void arm() {}

  /** The credential of an earlier life of this agent, if it is still good. */
  Optional<NodeCredential> kept();

  /**
   * Asks the proxy for the bootstrap kubeconfig of this worker and, with it, creates the
   * certificate request (or finds the one it made before).
   *
   * @throws CredentialException when no proxy answers, it says no, or what it hands over does not
   *     match what was pinned
   */
  PendingCertificate request() throws CredentialException, InterruptedException;

  /**
   * Looks whether the request was approved and the certificate issued.
   *
   * @return empty while a person has not decided
   * @throws CredentialException when it was denied, failed, or has gone
   */
  Optional<NodeCredential> issued(PendingCertificate request)
      throws CredentialException, InterruptedException;

  /** Forgets key, certificate and request: the next rescue begins anew. */
  void forget();
}
