package io.lifeline.kubernetes.internal;

import io.lifeline.config.Settings;
import java.time.Duration;

/**
 * How long a client waits.
 *
 * @param connectTimeout for a TCP connection to the API server
 * @param requestTimeout for the whole answer to one request; a watch has none
 * @param watchReconnect before a watch that broke is begun again; doubled up to 32 times
 */
record ClientSettings(Duration connectTimeout, Duration requestTimeout, Duration watchReconnect) {

  static final String PID = "io.lifeline.kubernetes";

  static ClientSettings of(Settings settings) {
    return new ClientSettings(
        settings.duration("connect.timeout", "3s", "100ms", "1m"),
        settings.duration("request.timeout", "10s", "500ms", "5m"),
        settings.duration("watch.reconnect", "1s", "100ms", "1m"));
  }
}
