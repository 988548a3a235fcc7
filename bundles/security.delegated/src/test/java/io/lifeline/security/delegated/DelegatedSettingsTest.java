package io.lifeline.security.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DelegatedSettingsTest {

  private static DelegatedSettings of(Map<String, String> file) {
    return DelegatedSettings.of(Settings.of(DelegatedSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new DelegatedSettings(
                Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5), 256));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(
            of(
                Map.of(
                    "cache.allow", "1m",
                    "cache.deny", "0s",
                    "timeout", "500ms",
                    "cache.entries", "7")))
        .isEqualTo(
            new DelegatedSettings(Duration.ofMinutes(1), Duration.ZERO, Duration.ofMillis(500), 7));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("cache.allow", "1h")))
        .isInstanceOf(SettingRefusedException.class);
    assertThatThrownBy(() -> of(Map.of("cache.deny", "soon")))
        .isInstanceOf(SettingRefusedException.class);
    assertThatThrownBy(() -> of(Map.of("timeout", "1ms")))
        .isInstanceOf(SettingRefusedException.class);
    assertThatThrownBy(() -> of(Map.of("cache.entries", "0")))
        .isInstanceOf(SettingRefusedException.class);
  }
}
