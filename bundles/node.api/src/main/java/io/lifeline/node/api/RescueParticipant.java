package io.lifeline.node.api;

import java.util.function.BooleanSupplier;

/**
 * A room that has work to do while the backup node serves. A whiteboard service: one that comes in
 * the middle of a rescue (because its bundle was replaced) is begun at once.
 *
 * <p>Called by one thread, the rescue's own, in the order of the stages; ended in reverse.
 */
public interface RescueParticipant {

  /** The order of beginning. A rescue serves when every stage has begun. */
  enum Stage {
    /** Who may call: authentication and authorisation. */
    GUARD,
    /** The kubelet API's socket. */
    DOOR,
    /** The second Node, its Lease and status. */
    NODE,
    /** The debug pod. */
    POD
  }

  Stage stage();

  /**
   * Goes through what it will have to do, while a person decides about the certificate: classes are
   * loaded and the worker's tools are tried before somebody waits for them. On a thread of its own,
   * perhaps while {@link #begin} is called; leaves nothing behind, and tells what failed by itself.
   */
  default void rehearse() {}

  /**
   * Begins. Idempotent.
   *
   * @param signals where to tell what the rescue must know; good until the end
   * @throws RescueStepException when it cannot; it is tried again
   */
  void begin(NodeCredential credential, RescueSignals signals)
      throws RescueStepException, InterruptedException;

  /**
   * Before {@link #end}: gives people the time that the reason leaves them, and waits for it.
   *
   * @param calledOff whether the reason is gone; asked now and then while somebody is waited for
   * @return false when it was called off, and everything goes on as before
   */
  default boolean farewell(RescueEnd end, BooleanSupplier calledOff) {
    return true;
  }

  /**
   * Ends and leaves nothing behind. Idempotent; never throws: what could not be undone is logged
   * and is the operator's.
   */
  void end(RescueEnd end);
}
