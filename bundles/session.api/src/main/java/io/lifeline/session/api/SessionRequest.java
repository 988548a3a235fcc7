package io.lifeline.session.api;

import io.lifeline.security.api.Identity;

/**
 * A wish for a session.
 *
 * @param containerId the debug container's id for the runtime
 * @param door where it came in
 * @param who who asked, as far as known; at the kubelet's door that is the API server
 * @param verb exec or attach
 * @param process what to start; for attach its command is that of the main process
 */
public record SessionRequest(
    String containerId, Door door, Identity who, Verb verb, ProcessSpec process) {

  /** Start a process, or join the main one. */
  public enum Verb {
    EXEC,
    ATTACH
  }
}
