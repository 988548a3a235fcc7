package io.lifeline.session.engine;

import io.lifeline.config.Settings;

/**
 * Settings of {@code io.lifeline.session.engine}.
 *
 * @param mostSessions how many may be open at once, over all doors
 */
record EngineSettings(int mostSessions) {

  static final String PID = "io.lifeline.session.engine";

  static EngineSettings of(Settings settings) {
    return new EngineSettings(settings.number("sessions.max", 32, 1, 1000));
  }
}
