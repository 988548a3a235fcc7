package io.lifeline.runtime.oci.tool;

import java.io.IOException;

/** A runtime did not do what it was asked; the message is what it said, or that it said nothing. */
public final class ToolException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String answer;

  ToolException(String answer) {
    super(answer);
    this.answer = answer;
  }

  ToolException(String answer, Throwable cause) {
    super(answer, cause);
    this.answer = answer;
  }

  ToolException(IOException cause) {
    this(String.valueOf(cause.getMessage()), cause);
  }

  /** What the runtime said. */
  public String answer() {
    return answer;
  }
}
