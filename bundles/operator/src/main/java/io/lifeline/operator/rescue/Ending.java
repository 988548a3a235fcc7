package io.lifeline.operator.rescue;

import io.fabric8.kubernetes.api.model.Node;
import io.lifeline.operator.OperatorSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * When a backup node is over. The agent's word comes first; then three clocks that do not trust one
 * another: its Lease, its certificate, and how long its worker has been Ready again. One thread.
 */
public final class Ending {

  /** What an agent sets as the reason of its last Ready condition. */
  private static final Set<String> ENDED =
      Set.of("WorkerReady", "CertificateExpired", "Withdrawn", "Stopped");

  /** So that an agent whose clock is right ends by itself, with a word to its terminals. */
  private static final Duration AFTER_CERTIFICATE = Duration.ofSeconds(60);

  /**
   * How often a Lease is seen unchanged at the least before its agent is taken for gone: while the
   * API server is away nobody can renew one, and nobody looks.
   */
  private static final int LOOKS = 5;

  private final OperatorSettings.Ending settings;
  private final Steady steady;
  private final Clock clock;

  public Ending(OperatorSettings.Ending settings, Steady steady, Clock clock) {
    this.settings = settings;
    this.steady = steady;
    this.clock = clock;
  }

  /**
   * What is known of a backup node besides itself.
   *
   * @param wanted whether a live NodeDebug wants it
   * @param workerReady whether its worker is Ready
   * @param leaseRenewed its Lease's renewTime as it is written; blank when there is none
   * @param certificateEnds when its certificate ends
   */
  public record Circumstances(
      boolean wanted,
      boolean workerReady,
      String leaseRenewed,
      Optional<Instant> certificateEnds) {}

  public End of(Node backup, Circumstances known) {
    String name = backup.getMetadata().getName();
    Readiness ready = Readiness.of(backup);
    Duration silent =
        steady.watched(
            name + "/lease", known.leaseRenewed(), settings.agentDeadline().dividedBy(LOOKS));
    Duration workerReady = steady.since(name + "/worker", Boolean.toString(known.workerReady()));
    Duration unwanted = steady.since(name + "/wanted", Boolean.toString(known.wanted()));
    if (ready.status().equals("False") && ENDED.contains(ready.reason())) {
      return new End.Over(ready.reason(), ready.message());
    }
    if (!known.wanted()) {
      return withdrawn(name, ready, unwanted);
    }
    if (silent.compareTo(settings.agentDeadline()) > 0) {
      return new End.Over(
          "AgentVanished",
          "The agent of %s has not renewed its Lease for %d s."
              .formatted(name, silent.toSeconds()));
    }
    Instant now = clock.instant();
    if (known
        .certificateEnds()
        .filter(end -> now.isAfter(end.plus(AFTER_CERTIFICATE)))
        .isPresent()) {
      return new End.Over(
          "CertificateExpired",
          "The certificate of %s ended at %s.".formatted(name, known.certificateEnds().get()));
    }
    if (known.workerReady() && workerReady.compareTo(settings.readyWait()) > 0) {
      return new End.Over(
          "WorkerReady",
          "The worker has been Ready for %d s and %s did not go by itself."
              .formatted(workerReady.toSeconds(), name));
    }
    return new End.NotYet();
  }

  private End withdrawn(String name, Readiness ready, Duration waited) {
    Duration left = settings.withdrawWait().minus(waited);
    // Nobody is there to be asked when the control plane has not heard of it for so long.
    if (ready.status().equals("Unknown") || left.isNegative() || left.isZero()) {
      return new End.Over("Withdrawn", "Its NodeDebug is gone or going.");
    }
    return new End.Asked(
        "The agent of %s is asked to end, and has %d s to do it.".formatted(name, left.toSeconds()),
        left);
  }
}
