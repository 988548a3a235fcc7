package io.lifeline.operator.bootstrap;

/** Whether the proxy has the bootstrap kubeconfig of a worker. */
public sealed interface BootstrapOutcome {

  /**
   * It has it.
   *
   * @param username whom the cluster takes its holder for; blank when that cannot be found out
   */
  record Kept(String username, String message) implements BootstrapOutcome {}

  record Missing(String reason, String message) implements BootstrapOutcome {}
}
