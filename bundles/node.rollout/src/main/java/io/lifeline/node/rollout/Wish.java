package io.lifeline.node.rollout;

import io.lifeline.release.api.AgentRelease;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The release that the operator asks this agent for.
 *
 * @param pin the SHA-256 of its SHA256SUMS
 */
record Wish(String version, String pin) {

  /** The annotations; the contract of {@code LifelineConfig} has the same. */
  static final String VERSION = "lifeline.io/agent-version";

  static final String RELEASE = "lifeline.io/agent-release";
  static final String RUNNING = "lifeline.io/agent-running";
  static final String FAILED = "lifeline.io/agent-upgrade-failed";

  private static final Pattern PIN = Pattern.compile("[0-9a-f]{64}");

  /** Empty when nothing is asked for, or what is cannot be meant. */
  static Optional<Wish> of(Map<String, String> annotations) {
    String version = annotations.getOrDefault(VERSION, "");
    String pin = annotations.getOrDefault(RELEASE, "");
    return AgentRelease.isVersion(version) && PIN.matcher(pin).matches()
        ? Optional.of(new Wish(version, pin))
        : Optional.empty();
  }
}
