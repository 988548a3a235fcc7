package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {

  @Test
  void defaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(
            new ClientSettings(
                Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(1)));
  }

  @Test
  void mapping() {
    assertThat(
            settings(
                Map.of("connect.timeout", "1s", "request.timeout", "2s", "watch.reconnect", "3s")))
        .isEqualTo(
            new ClientSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
  }

  @Test
  void rejections() {
    for (String key : new String[] {"connect.timeout", "request.timeout", "watch.reconnect"}) {
      assertThatThrownBy(() -> settings(Map.of(key, "0s")))
          .isInstanceOf(SettingRefusedException.class)
          .hasMessageContaining(key);
    }
  }

  private static ClientSettings settings(Map<String, String> properties) {
    return ClientSettings.of(Settings.of(ClientSettings.PID, properties, Map.of()));
  }
}
