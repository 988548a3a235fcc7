package io.lifeline.session.api;

import java.util.Objects;

/** A session was not opened; the message says which limit or which end is in the way. */
public final class SessionRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  public SessionRefusedException(String message) {
    super(message);
  }

  /** Never null: each constructor takes one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
