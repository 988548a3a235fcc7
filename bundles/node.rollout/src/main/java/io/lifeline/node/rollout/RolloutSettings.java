package io.lifeline.node.rollout;

import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of {@code io.lifeline.node.rollout}.
 *
 * @param releases a folder with one folder for each version, which is looked into before the proxy
 *     is asked
 * @param fetchLimit how long fetching is tried
 */
record RolloutSettings(Optional<Path> releases, Duration fetchLimit) {

  static final String PID = "io.lifeline.node.rollout";

  static RolloutSettings of(Settings settings) {
    return new RolloutSettings(
        settings.path("releases"), settings.duration("fetch.limit", "3m", "10s", "1h"));
  }
}
