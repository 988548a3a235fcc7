package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import io.lifeline.session.engine.EngineSettings.Detached;
import io.lifeline.session.engine.EngineSettings.Kept;
import io.lifeline.session.engine.EngineSettings.Limits;
import io.lifeline.session.engine.EngineSettings.PipeKib;
import io.lifeline.session.engine.EngineSettings.Rate;
import io.lifeline.session.engine.EngineSettings.Recorded;
import io.lifeline.session.engine.EngineSettings.WhenFull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineSettingsTest {

  private static EngineSettings of(Map<String, String> file) {
    return EngineSettings.of(Settings.of(EngineSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new EngineSettings(
                new Limits(128, Duration.ZERO, 16, new Rate(0)),
                new Detached(Duration.ofMinutes(15), 8),
                Duration.ofSeconds(60),
                new Recorded(Kept.OUTPUT, 16, WhenFull.OPEN, new PipeKib(64), Optional.empty()),
                1024));
  }

  @Test
  void everyKeyIsRead() {
    assertThat(
            of(
                Map.ofEntries(
                    Map.entry("sessions.max", "5"),
                    Map.entry("idle.max", "1h"),
                    Map.entry("viewers.max", "2"),
                    Map.entry("rate.max", "512"),
                    Map.entry("detached.life", "1m"),
                    Map.entry("detached.max", "3"),
                    Map.entry("grace", "5s"),
                    Map.entry("record", "both"),
                    Map.entry("recordings.max", "2"),
                    Map.entry("recordings.full", "closed"),
                    Map.entry("record.pipe.max", "0"),
                    Map.entry("record.sink", "/mnt/kept"),
                    Map.entry("audit.max", "16"))))
        .isEqualTo(
            new EngineSettings(
                new Limits(5, Duration.ofHours(1), 2, new Rate(512)),
                new Detached(Duration.ofMinutes(1), 3),
                Duration.ofSeconds(5),
                new Recorded(
                    Kept.BOTH,
                    2,
                    WhenFull.CLOSED,
                    new PipeKib(0),
                    Optional.of(Path.of("/mnt/kept"))),
                16));
  }

  @Test
  void aWrongValueIsRefused() {
    assertThatThrownBy(() -> of(Map.of("record.sink", "kept")))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll("record.sink", "absolute");
    assertThatThrownBy(() -> of(Map.of("sessions.max", "0")))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll("sessions.max", "'0'", "from 1 to 1000");
    assertThatThrownBy(() -> of(Map.of("rate.max", "3")))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll("rate.max", "'3'", "0, or from 16");
    for (Map.Entry<String, String> wrong :
        Map.of(
                "idle.max", "8d",
                "viewers.max", "-1",
                "detached.life", "soon",
                "detached.max", "x",
                "grace", "11m",
                "record", "input",
                "recordings.max", "0",
                "recordings.full", "never",
                "record.pipe.max", "-1",
                "audit.max", "1")
            .entrySet()) {
      assertThatThrownBy(() -> of(Map.of(wrong.getKey(), wrong.getValue())))
          .isInstanceOf(SettingRefusedException.class)
          .hasMessageContaining(wrong.getKey());
    }
  }
}
