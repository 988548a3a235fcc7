package io.lifeline.node.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpgradeSettingsTest {

  private static UpgradeSettings of(Map<String, String> file) {
    return UpgradeSettings.of(Settings.of(UpgradeSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of())).isEqualTo(new UpgradeSettings(Duration.ofSeconds(30)));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(of(Map.of("up.within", "2m"))).isEqualTo(new UpgradeSettings(Duration.ofMinutes(2)));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("up.within", "0s"))).hasMessageContaining("'up.within'");
  }
}
