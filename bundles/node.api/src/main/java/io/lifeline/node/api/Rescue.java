package io.lifeline.node.api;

import java.time.Instant;
import java.util.List;

/** The rescue as people see it. Any thread. */
public interface Rescue {

  /**
   * One step of the story.
   *
   * @param at by this machine's wall clock, for reading only
   */
  record Step(Instant at, RescuePhase phase, String sentence) {}

  RescuePhase phase();

  /** What is being done or waited for now. */
  String sentence();

  /**
   * Whether no step is under way: everything that takes part in a rescue has begun, or there is
   * none to take part in. Who replaces bundles waits for it.
   */
  default boolean settled() {
    return true;
  }

  /** The last steps, oldest first; at most 64. */
  List<Step> history();

  /** Ends the rescue that runs, if one does. */
  void stop(String why);
}
