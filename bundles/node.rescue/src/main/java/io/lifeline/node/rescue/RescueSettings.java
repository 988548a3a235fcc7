package io.lifeline.node.rescue;

import io.lifeline.config.Settings;
import java.time.Duration;

/**
 * The settings of {@code io.lifeline.node.rescue}.
 *
 * @param retryFirst the first wait after a step that failed; it doubles, with jitter
 * @param retryMost the longest such wait
 * @param againAfter the wait before the next request after a denied one or a rescue's end
 * @param approvalPoll how often the certificate request is looked at while it waits
 * @param cpuShares what the agent weighs during a rescue, 1024 for each processor; 0 changes
 *     nothing
 */
record RescueSettings(
    Duration retryFirst,
    Duration retryMost,
    Duration againAfter,
    Duration approvalPoll,
    int cpuShares) {

  static final String PID = "io.lifeline.node.rescue";

  static RescueSettings of(Settings settings) {
    Duration first = settings.duration("retry.first", "500ms", "50ms", "1m");
    Duration most = settings.duration("retry.most", "2s", "50ms", "10m");
    if (most.compareTo(first) < 0) {
      throw settings.refused("retry.most", most, "it must not be shorter than retry.first");
    }
    return new RescueSettings(
        first,
        most,
        settings.duration("again.after", "5s", "50ms", "10m"),
        settings.duration("approval.poll", "200ms", "50ms", "1m"),
        settings.number("cpu.shares", 1024, 0, 262144));
  }
}
