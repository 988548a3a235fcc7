package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {

  private static ServerSettings of(Map<String, String> file) {
    return ServerSettings.of(Settings.of(ServerSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new ServerSettings(
                "0.0.0.0",
                512,
                4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(90),
                Duration.ofSeconds(2)));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(
            of(
                Map.of(
                    "bind", "fd00::2",
                    "connections.max", "9",
                    "threads", "2",
                    "header.timeout", "2s",
                    "keepalive.timeout", "3s",
                    "drain.timeout", "0s")))
        .isEqualTo(
            new ServerSettings(
                "fd00::2", 9, 2, Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ZERO));
  }

  @Test
  void wrongValuesAreRefused() {
    Map.of(
            "bind", "w2.example",
            "connections.max", "0",
            "threads", "none",
            "header.timeout", "1h",
            "keepalive.timeout", "1ms",
            "drain.timeout", "1h")
        .forEach(
            (key, value) ->
                assertThatThrownBy(() -> of(Map.of(key, value)))
                    .isInstanceOf(SettingRefusedException.class)
                    .hasMessageContainingAll("'" + key + "'", "'" + value + "'"));
  }
}
