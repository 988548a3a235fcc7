package io.lifeline.removal;

import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The settings of {@code io.lifeline.removal}.
 *
 * @param namespace where the agents are
 * @param rescuesLimit how long the operator may take to end the rescues
 * @param agentsLimit how long the nodes may take
 */
record RemovalSettings(String namespace, Duration rescuesLimit, Duration agentsLimit) {

  static final String PID = "io.lifeline.removal";

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  static RemovalSettings of(Settings settings) {
    return new RemovalSettings(
        settings.text(
            "namespace",
            "lifeline-system",
            NAMESPACE,
            "it must be a namespace's name: lower-case letters, digits and '-', at most 63"),
        settings.duration("rescues.limit", "1m", "1s", "1h"),
        settings.duration("agents.limit", "2m", "1s", "1h"));
  }
}
