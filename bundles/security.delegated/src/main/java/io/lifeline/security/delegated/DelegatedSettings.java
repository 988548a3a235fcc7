package io.lifeline.security.delegated;

import io.lifeline.config.Settings;
import java.time.Duration;

/**
 * How long answers of the API server are believed.
 *
 * @param allow how long a yes is remembered
 * @param deny how long a no is remembered
 * @param timeout how long the API server may take to answer
 * @param entries how many answers of each kind are remembered
 */
record DelegatedSettings(Duration allow, Duration deny, Duration timeout, int entries) {

  static final String PID = "io.lifeline.security.delegated";

  static DelegatedSettings of(Settings settings) {
    return new DelegatedSettings(
        settings.duration("cache.allow", "30s", "0s", "10m"),
        settings.duration("cache.deny", "5s", "0s", "10m"),
        settings.duration("timeout", "5s", "100ms", "30s"),
        settings.number("cache.entries", 256, 1, 65536));
  }
}
