package io.lifeline.session.api;

/** A session was not opened; the message says which limit or which end is in the way. */
public final class SessionRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  public SessionRefusedException(String message) {
    super(message);
  }
}
