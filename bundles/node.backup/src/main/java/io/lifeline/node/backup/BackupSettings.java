package io.lifeline.node.backup;

import io.lifeline.config.Settings;
import java.time.Duration;

/**
 * The settings of {@code io.lifeline.node.backup}.
 *
 * @param leaseRenew how often the Lease is renewed
 * @param leaseDuration how long the Lease is good
 */
record BackupSettings(Duration leaseRenew, Duration leaseDuration) {

  static final String PID = "io.lifeline.node.backup";

  static BackupSettings of(Settings settings) {
    Duration renew = settings.duration("lease.renew", "5s", "1s", "1m");
    Duration duration = settings.duration("lease.duration", "40s", "2s", "10m");
    if (duration.compareTo(renew.multipliedBy(2)) < 0) {
      throw settings.refused(
          "lease.duration", duration, "it must be at least twice as long as lease.renew");
    }
    return new BackupSettings(renew, duration);
  }
}
