package io.lifeline.node.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutSettingsTest {

  private static RolloutSettings settings(Map<String, String> file) {
    return RolloutSettings.of(Settings.of(RolloutSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(new RolloutSettings(Optional.empty(), Duration.ofMinutes(3)));
  }

  @Test
  void mapping() {
    assertThat(settings(Map.of("releases", "/releases", "fetch.limit", "30s")))
        .isEqualTo(new RolloutSettings(Optional.of(Path.of("/releases")), Duration.ofSeconds(30)));
  }

  @Test
  void rejections() {
    for (Map<String, String> wrong :
        List.of(Map.of("releases", "releases"), Map.of("fetch.limit", "1s"))) {
      assertThatThrownBy(() -> settings(wrong))
          .isInstanceOf(SettingRefusedException.class)
          .hasMessageContaining(wrong.keySet().iterator().next());
    }
  }
}
