package io.lifeline.node.api;

/** What participants tell the rescue. Any thread; does not block. */
public interface RescueSignals {

  /** The operator asks for the end: the NodeDebug was deleted. */
  void withdrawn(String why);

  /**
   * The participant lost what it had begun (its Node was deleted by a stranger): begin it again.
   */
  void lost(RescueParticipant participant, String what);
}
