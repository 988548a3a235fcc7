package io.lifeline.session.engine;

import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of {@code io.lifeline.session.engine}.
 *
 * @param grace how long people have when the rescue ends because the worker is Ready again
 */
record EngineSettings(
    Limits limits, Detached detached, Duration grace, Recorded recorded, int auditKib) {

  static final String PID = "io.lifeline.session.engine";

  /**
   * What a session may take.
   *
   * @param sessions how many may be open at once, over all doors
   * @param viewers how many may join or watch, over all sessions
   * @param idle after how long without a sign of life a terminal is closed; zero: never
   * @param kibPerSecond how much a session may say; zero: as much as the connection takes
   */
  record Limits(int sessions, Duration idle, int viewers, Rate kibPerSecond) {}

  /** KiB a second; zero: unlimited. */
  record Rate(int kib) {}

  /**
   * Shells whose connection was lost.
   *
   * @param life how long each lives on; zero: not at all
   * @param most how many may wait; one more ends the one that has waited longest
   */
  record Detached(Duration life, int most) {}

  /** What is written down of a session. */
  enum Kept {
    NOTHING,
    OUTPUT,
    BOTH
  }

  /** What to do when there is no room for recordings. */
  enum WhenFull {
    /** The session goes on, and says loudly that it is not recorded. */
    OPEN,
    /** The session ends. */
    CLOSED
  }

  /**
   * Recordings.
   *
   * @param mebibytes how much they may take of the agent's tmpfs, which is memory
   * @param pipeKib how much is kept of a session without a terminal
   * @param sink a folder to which all of it is copied while it is written
   */
  record Recorded(
      Kept kept, int mebibytes, WhenFull whenFull, PipeKib pipeKib, Optional<Path> sink) {}

  /** KiB of a session without a terminal. */
  record PipeKib(int kib) {}

  static EngineSettings of(Settings settings) {
    int rate = settings.number("rate.max", 0, 0, 1_000_000);
    if (rate > 0 && rate < 16) {
      // A piece of 64 KiB would hold the session up for longer than its end may take.
      throw settings.refused("rate.max", rate, "it must be 0, or from 16 to 1000000");
    }
    return new EngineSettings(
        new Limits(
            settings.number("sessions.max", 128, 1, 1000),
            settings.duration("idle.max", "0s", "0s", "7d"),
            settings.number("viewers.max", 16, 0, 1000),
            new Rate(rate)),
        new Detached(
            settings.duration("detached.life", "15m", "0s", "1d"),
            settings.number("detached.max", 8, 0, 1000)),
        settings.duration("grace", "60s", "0s", "10m"),
        new Recorded(
            settings.choice("record", Kept.class, Kept.OUTPUT),
            settings.number("recordings.max", 16, 1, 1024),
            settings.choice("recordings.full", WhenFull.class, WhenFull.OPEN),
            new PipeKib(settings.number("record.pipe.max", 64, 0, 1_048_576)),
            settings.path("record.sink")),
        settings.number("audit.max", 1024, 16, 65_536));
  }
}
