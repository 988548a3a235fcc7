package io.lifeline.node.api;

import java.util.Optional;

/**
 * The phases of a rescue: figure 7A, its numbers beside them.
 *
 * <p>{@link #next} is pure: one owner applies it, logs the sentence and keeps the ring.
 */
public enum RescuePhase {
  /** The worker is Ready, or nobody knows better (702, 704). */
  WATCHING("watching the worker"),
  /** Asking the proxy, then requesting the certificate (706 to 712). */
  SEEKING("asking the debug proxy for a bootstrap kubeconfig"),
  /** A person has to approve (714, 716). */
  AWAITING_APPROVAL("waiting for a person to approve the certificate request"),
  /** Door, backup Node and pod watch come up (718). */
  REGISTERING("bringing the backup node up"),
  /** The backup node serves (720 to 728). */
  SERVING("serving as the backup node"),
  /** Broadcast, stop, deregister (730, 732). */
  ENDING("ending the rescue");

  private final String sentence;

  RescuePhase(String sentence) {
    this.sentence = sentence;
  }

  /** What the agent is doing in this phase, for people. */
  public String sentence() {
    return sentence;
  }

  /**
   * The phase after an event; empty when the event changes nothing here.
   *
   * @throws IllegalStateException when the event cannot happen in this phase
   */
  public Optional<RescuePhase> next(RescueEvent event) {
    return switch (this) {
      case WATCHING ->
          switch (event) {
            case WORKER_NOT_READY -> Optional.of(SEEKING);
            case WORKER_READY, EXPIRED, STOP -> Optional.empty();
            case REQUESTED, DENIED, BEGUN, LOST, CALLED_OFF, ENDED -> throw illegal(event);
            // A credential of an earlier life was found again.
            case ISSUED -> Optional.of(REGISTERING);
          };
      case SEEKING ->
          switch (event) {
            case WORKER_READY, STOP -> Optional.of(WATCHING);
            case REQUESTED -> Optional.of(AWAITING_APPROVAL);
            case ISSUED -> Optional.of(REGISTERING);
            case WORKER_NOT_READY, EXPIRED -> Optional.empty();
            case DENIED, BEGUN, LOST, CALLED_OFF, ENDED -> throw illegal(event);
          };
      case AWAITING_APPROVAL ->
          switch (event) {
            case WORKER_READY, STOP -> Optional.of(WATCHING);
            case ISSUED -> Optional.of(REGISTERING);
            case DENIED -> Optional.of(SEEKING);
            case WORKER_NOT_READY, EXPIRED -> Optional.empty();
            case REQUESTED, BEGUN, LOST, CALLED_OFF, ENDED -> throw illegal(event);
          };
      case REGISTERING ->
          switch (event) {
            case BEGUN -> Optional.of(SERVING);
            case WORKER_READY, EXPIRED, STOP -> Optional.of(ENDING);
            case WORKER_NOT_READY, LOST -> Optional.empty();
            case REQUESTED, ISSUED, DENIED, CALLED_OFF, ENDED -> throw illegal(event);
          };
      case SERVING ->
          switch (event) {
            case LOST -> Optional.of(REGISTERING);
            case WORKER_READY, EXPIRED, STOP -> Optional.of(ENDING);
            case WORKER_NOT_READY, BEGUN -> Optional.empty();
            case REQUESTED, ISSUED, DENIED, CALLED_OFF, ENDED -> throw illegal(event);
          };
      case ENDING ->
          switch (event) {
            case ENDED -> Optional.of(WATCHING);
            case CALLED_OFF -> Optional.of(SERVING);
            case WORKER_NOT_READY, WORKER_READY, EXPIRED, STOP, LOST, BEGUN -> Optional.empty();
            case REQUESTED, ISSUED, DENIED -> throw illegal(event);
          };
    };
  }

  private IllegalStateException illegal(RescueEvent event) {
    return new IllegalStateException(
        "the event %s cannot happen in the phase %s".formatted(event, this));
  }
}
