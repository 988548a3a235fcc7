package io.lifeline.node.api;

import java.util.Objects;

/**
 * A step of the rescue failed; the message is the sentence that is shown, and it is tried again.
 */
public final class RescueStepException extends Exception {

  private static final long serialVersionUID = 1L;

  public RescueStepException(String message) {
    super(message);
  }

  public RescueStepException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Never null: each constructor takes one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
