package io.lifeline.node.api;

/**
 * Why a rescue ends.
 *
 * @param detail one sentence, for the people at the terminals and for the Node's condition
 */
public record RescueEnd(Reason reason, String detail) {

  /** The reasons; their names are the reasons of the backup Node's last Ready condition. */
  public enum Reason {
    /** The worker is Ready again. */
    WORKER_READY("WorkerReady"),
    /** The certificate, or the configured life, is over. */
    CERTIFICATE_EXPIRED("CertificateExpired"),
    /** The NodeDebug was deleted: the operator asks for the end. */
    WITHDRAWN("Withdrawn"),
    /** A person stopped it at the console. */
    STOPPED("Stopped");

    private final String condition;

    Reason(String condition) {
      this.condition = condition;
    }

    /** As a condition's reason: CamelCase. */
    public String condition() {
      return condition;
    }
  }
}
