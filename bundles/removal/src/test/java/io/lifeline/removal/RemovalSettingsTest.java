package io.lifeline.removal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemovalSettingsTest {

  private static RemovalSettings settings(Map<String, String> file) {
    return RemovalSettings.of(Settings.of(RemovalSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(
            new RemovalSettings("lifeline-system", Duration.ofMinutes(1), Duration.ofMinutes(2)));
  }

  @Test
  void mapping() {
    assertThat(settings(Map.of("namespace", "a", "rescues.limit", "3m", "agents.limit", "4s")))
        .isEqualTo(new RemovalSettings("a", Duration.ofMinutes(3), Duration.ofSeconds(4)));
  }

  @Test
  void rejections() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("namespace", "Not_One"),
            Map.of("rescues.limit", "soon"),
            Map.of("agents.limit", "0s"))) {
      assertThatThrownBy(() -> settings(wrong))
          .isInstanceOf(SettingRefusedException.class)
          .hasMessageContaining(wrong.keySet().iterator().next());
    }
  }
}
