package io.lifeline.node.api;

import java.util.List;

/**
 * Whether the worker is Ready, with the evidence.
 *
 * @param reason one sentence that a person can act on
 * @param signals what each source said
 */
public record WorkerHealth(Verdict verdict, String reason, List<Signal> signals) {

  /** Ready, not Ready, or too early to tell. */
  public enum Verdict {
    READY,
    NOT_READY,
    UNKNOWN
  }

  /**
   * What one source said.
   *
   * @param source for instance {@code api}, {@code kubelet-healthz}, {@code container-runtime}
   */
  public record Signal(String source, Verdict verdict, String detail) {}

  public WorkerHealth {
    signals = List.copyOf(signals);
  }
}
