package io.lifeline.node.api;

import java.util.Objects;

/** A step towards the certificate failed; it may be tried again. */
public final class CredentialException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What kind of no it was. */
  public enum Kind {
    /** Nobody answered in time. */
    UNREACHABLE,
    /** Somebody said no: no NodeDebug, or the worker is Ready. */
    REFUSED,
    /** A person denied the request, or it has gone. */
    DENIED,
    /** What came back does not match what was pinned while the worker was Ready. */
    UNTRUSTED
  }

  private final Kind kind;

  public CredentialException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public CredentialException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Never null: each constructor takes one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
