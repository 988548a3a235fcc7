package io.lifeline.node.monitor;

import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes one slow verdict of quick signals: a kubelet in a crash loop must not open and close the
 * backup node each time (fault F2), and one wrong answer must not open it at all (threat T14).
 *
 * <p>One signal that says not Ready is enough for not Ready; Ready needs the API's own word and no
 * contradiction. While nobody knows, the last verdict stays. One thread; time is handed in.
 */
final class Hysteresis {

  private final MonitorSettings.Hold hold;
  private Verdict verdict = Verdict.UNKNOWN;
  private Verdict candidate = Verdict.UNKNOWN;
  private long candidateSince;

  Hysteresis(MonitorSettings.Hold hold) {
    this.hold = hold;
  }

  /**
   * @param signals what each source says now
   * @param now on the monotonic clock, in nanoseconds
   */
  WorkerHealth judge(List<Signal> signals, long now) {
    Verdict instant = instant(signals);
    if (instant != candidate) {
      candidate = instant;
      candidateSince = now;
    }
    long held = now - candidateSince;
    switch (candidate) {
      case READY -> {
        if (held >= hold.readyAfter().toNanos()) {
          verdict = Verdict.READY;
        }
      }
      case NOT_READY -> {
        if (held >= hold.notReadyAfter().toNanos()) {
          verdict = Verdict.NOT_READY;
        }
      }
      case UNKNOWN -> {}
    }
    return new WorkerHealth(verdict, reason(signals), signals);
  }

  private static Verdict instant(List<Signal> signals) {
    if (signals.stream().anyMatch(signal -> signal.verdict() == Verdict.NOT_READY)) {
      return Verdict.NOT_READY;
    }
    boolean apiSaysReady =
        signals.stream()
            .anyMatch(s -> s.source().equals(ApiSignal.SOURCE) && s.verdict() == Verdict.READY);
    return apiSaysReady ? Verdict.READY : Verdict.UNKNOWN;
  }

  private String reason(List<Signal> signals) {
    return signals.stream()
        .filter(signal -> verdict == Verdict.UNKNOWN || signal.verdict() == verdict)
        .map(signal -> signal.source() + ": " + signal.detail())
        .collect(Collectors.joining("; "));
  }
}
