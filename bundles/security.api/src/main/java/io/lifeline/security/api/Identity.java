package io.lifeline.security.api;

import java.util.Set;

/**
 * Who somebody is, as far as it was proved.
 *
 * @param name the user's name as the cluster knows it, for instance {@code system:node:w2}
 * @param groups the groups the proof came with
 * @param proof how it was proved
 */
public record Identity(String name, Set<String> groups, Proof proof) {

  /** How an identity was proved. */
  public enum Proof {
    /** A client certificate of the cluster's own client authority. */
    CLIENT_CERTIFICATE,
    /** A bearer token that the API server reviewed. */
    TOKEN_REVIEW,
    /** An SSH public key or user certificate. */
    SSH_KEY,
    /** A process on this machine, through the local console. */
    LOCAL_CONSOLE
  }

  public Identity {
    groups = Set.copyOf(groups);
  }
}
