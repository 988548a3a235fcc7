package io.lifeline.runtime.oci.linux;

import java.io.IOException;

/** The kernel would not load a program; the error is execve(2)'s. */
public final class LoadException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int error;

  LoadException(String program, int error) {
    super("start %s: %s (errno %d)".formatted(program, LibC.strerror(error), error));
    this.error = error;
  }

  /** The kernel's number for it. */
  public int error() {
    return error;
  }
}
