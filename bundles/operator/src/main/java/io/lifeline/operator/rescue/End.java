package io.lifeline.operator.rescue;

import java.time.Duration;

/** Whether and how a backup node is ended from here. */
public sealed interface End {

  /** It goes on. */
  record NotYet() implements End {}

  /**
   * Its agent was asked to end, or is to be asked now, and is given some time to tell the people at
   * its terminals.
   */
  record Asked(String message, Duration left) implements End {}

  /** It is over: Node, Lease and pods are removed. */
  record Over(String reason, String message) implements End {}
}
