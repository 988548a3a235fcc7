package io.lifeline.session.api;

/** Where a live session stands. */
public enum SessionState {
  /** Its person is there. */
  OPEN,
  /** Its connection was lost; the shell lives on for a while and can be joined. */
  DETACHED,
  /** It was hung up; its process has not ended yet. */
  ENDING
}
