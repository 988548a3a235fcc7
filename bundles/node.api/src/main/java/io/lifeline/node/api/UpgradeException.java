package io.lifeline.node.api;

import java.io.Serial;

/** An upgrade that was refused or undone; the message says what runs now and what to do. */
public final class UpgradeException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  public UpgradeException(String message) {
    super(message);
  }

  public UpgradeException(String message, Throwable cause) {
    super(message, cause);
  }
}
