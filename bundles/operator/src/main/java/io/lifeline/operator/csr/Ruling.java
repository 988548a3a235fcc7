package io.lifeline.operator.csr;

/** What is to be done with a certificate request; reasons are one word, messages a sentence. */
public sealed interface Ruling {

  /** It is right, and a person decides. */
  record ForAPerson() implements Ruling {}

  /** It may be right later. */
  record Wait(String reason, String message) implements Ruling {}

  record Approve(String reason, String message) implements Ruling {}

  record Deny(String reason, String message) implements Ruling {}

  /**
   * It is deleted: for signers whose requests the operator may not decide, because that right would
   * be one to approve them too.
   */
  record Remove(String reason, String message) implements Ruling {}
}
