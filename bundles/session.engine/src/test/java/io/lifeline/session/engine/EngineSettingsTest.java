package io.lifeline.session.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineSettingsTest {

  private static EngineSettings of(Map<String, String> file) {
    return EngineSettings.of(Settings.of(EngineSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of())).isEqualTo(new EngineSettings(32));
  }

  @Test
  void everyKeyIsRead() {
    assertThat(of(Map.of("sessions.max", "5"))).isEqualTo(new EngineSettings(5));
  }

  @Test
  void aWrongValueIsRefused() {
    assertThatThrownBy(() -> of(Map.of("sessions.max", "0")))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll("sessions.max", "'0'", "from 1 to 1000");
  }
}
