package io.lifeline.operator.claim;

/** What the operator makes of a NodeDebug. */
public sealed interface Standing {

  /** It has its worker. */
  record Live() implements Standing {}

  /** It still has its worker, until everything that came with it is gone. */
  record Deleting() implements Standing {}

  /** It does nothing. */
  record Refused(String reason, String message) implements Standing {}
}
