package io.lifeline.operator.bootstrap;

/**
 * The bootstrap kubeconfig of one worker.
 *
 * @param kubeconfig its text; secret
 * @param username whom the cluster takes its holder for; blank when that cannot be found out
 * @param message a sentence about it for the NodeDebug's condition
 */
record Entry(String kubeconfig, String username, String message) {

  @Override
  public String toString() {
    return "Entry[" + username + "]";
  }
}
