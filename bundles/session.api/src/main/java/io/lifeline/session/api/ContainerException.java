package io.lifeline.session.api;

import java.util.Objects;

/** The container runtime could not do what was asked; the message is for the person on call. */
public class ContainerException extends Exception {

  private static final long serialVersionUID = 1L;

  public ContainerException(String message) {
    super(message);
  }

  public ContainerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Never null: each constructor takes one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
