package io.lifeline.operator;

/** What a failure says to the person on call: its message, and that of what is behind it. */
public final class Why {

  private Why() {}

  /** The messages from the outermost to the innermost, without a stack. */
  public static String of(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
      if (text.indexOf(message) < 0) {
        text.append(": ").append(message);
      }
    }
    return text.toString();
  }
}
