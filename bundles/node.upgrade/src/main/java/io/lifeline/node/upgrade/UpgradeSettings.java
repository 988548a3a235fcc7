package io.lifeline.node.upgrade;

import io.lifeline.config.Settings;
import java.time.Duration;

/**
 * The settings of {@code io.lifeline.node.upgrade}.
 *
 * @param up how long a replaced bundle may take until all is up again
 */
record UpgradeSettings(Duration up) {

  static final String PID = "io.lifeline.node.upgrade";

  static UpgradeSettings of(Settings settings) {
    return new UpgradeSettings(settings.duration("up.within", "30s", "1s", "10m"));
  }
}
