package io.lifeline.node.api;

/** What can happen to a rescue. */
public enum RescueEvent {
  /** The worker's verdict became NotReady. */
  WORKER_NOT_READY,
  /** The worker's verdict became Ready. */
  WORKER_READY,
  /** The certificate request was created. */
  REQUESTED,
  /** A person approved it and the certificate was issued. */
  ISSUED,
  /** A person denied it, or it has gone. */
  DENIED,
  /** Every participant has begun. */
  BEGUN,
  /** A participant has lost what it had begun. */
  LOST,
  /** The certificate, or the configured life, is over. */
  EXPIRED,
  /** The operator, or a person at the console, asks for the end. */
  STOP,
  /** The worker was not Ready any more while people still had time. */
  CALLED_OFF,
  /** Every participant has ended. */
  ENDED
}
