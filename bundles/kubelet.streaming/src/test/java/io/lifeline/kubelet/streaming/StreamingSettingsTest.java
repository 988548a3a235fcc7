package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamingSettingsTest {

  static StreamingSettings of(Map<String, String> file) {
    return StreamingSettings.of(Settings.of(StreamingSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new StreamingSettings(
                Duration.ofSeconds(30),
                Duration.ofHours(4),
                Duration.ofSeconds(10),
                262144,
                1048576,
                128));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(
            of(
                Map.of(
                    "creation.timeout", "5s",
                    "idle.timeout", "10m",
                    "goodbye.timeout", "1s",
                    "output.low.kib", "32",
                    "output.high.kib", "64",
                    "forwards.max", "3")))
        .isEqualTo(
            new StreamingSettings(
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                32768,
                65536,
                3));
  }

  @Test
  void wrongValuesAreRefused() {
    for (Map<String, String> wrong :
        new Map[] {
          Map.of("creation.timeout", "1h"),
          Map.of("idle.timeout", "never"),
          Map.of("goodbye.timeout", "0s"),
          Map.of("output.low.kib", "1"),
          Map.of("output.high.kib", "many"),
          Map.of("output.low.kib", "512", "output.high.kib", "512"),
          Map.of("forwards.max", "0")
        }) {
      assertThatThrownBy(() -> of(wrong)).isInstanceOf(SettingRefusedException.class);
    }
  }
}
