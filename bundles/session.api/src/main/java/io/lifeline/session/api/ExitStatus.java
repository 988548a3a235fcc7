package io.lifeline.session.api;

/** How a process, or the attempt to have one, ended. */
public sealed interface ExitStatus {

  /** The process ended by itself. */
  record Exited(int code) implements ExitStatus {}

  /** A signal ended the process. */
  record Signalled(int signal) implements ExitStatus {}

  /**
   * There was no process, or it was lost.
   *
   * @param code what a shell would answer: 126 not executable, 127 not found, 255 otherwise
   * @param message for the person at the terminal
   */
  record Failed(int code, String message) implements ExitStatus {}

  /** The code as a shell tells it: 128 and the number for a signal. */
  default int shellCode() {
    if (this instanceof Exited exited) {
      return exited.code();
    }
    if (this instanceof Signalled signalled) {
      return 128 + signalled.signal();
    }
    return ((Failed) this).code();
  }
}
