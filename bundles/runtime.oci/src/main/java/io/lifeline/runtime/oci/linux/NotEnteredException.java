package io.lifeline.runtime.oci.linux;

import java.io.IOException;

/** The namespaces in which a program was to be started cannot be entered. */
public final class NotEnteredException extends IOException {

  private static final long serialVersionUID = 1L;

  NotEnteredException(String message, Throwable cause) {
    super(message, cause);
  }
}
