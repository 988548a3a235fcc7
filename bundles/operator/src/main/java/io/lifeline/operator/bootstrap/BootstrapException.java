package io.lifeline.operator.bootstrap;

/** There is no bootstrap kubeconfig for a NodeDebug; the message says what to do. */
public final class BootstrapException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String message;

  BootstrapException(String reason, String message) {
    super(message);
    this.reason = reason;
    this.message = message;
  }

  BootstrapOutcome outcome() {
    return new BootstrapOutcome.Missing(reason, message);
  }
}
