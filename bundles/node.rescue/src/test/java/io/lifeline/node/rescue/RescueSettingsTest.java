package io.lifeline.node.rescue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RescueSettingsTest {

  private static RescueSettings of(Map<String, String> file) {
    return RescueSettings.of(Settings.of(RescueSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of()))
        .isEqualTo(
            new RescueSettings(
                Duration.ofMillis(500),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofMillis(200),
                1024));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(
            of(
                Map.of(
                    "retry.first", "1s",
                    "retry.most", "2s",
                    "again.after", "4s",
                    "approval.poll", "3s",
                    "cpu.shares", "512")))
        .isEqualTo(
            new RescueSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                Duration.ofSeconds(3),
                512));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("retry.first", "0s"))).hasMessageContaining("'retry.first'");
    assertThatThrownBy(() -> of(Map.of("retry.first", "1m", "retry.most", "1s")))
        .hasMessageContaining("must not be shorter than retry.first");
    assertThatThrownBy(() -> of(Map.of("again.after", "1ms")))
        .hasMessageContaining("'again.after'");
    assertThatThrownBy(() -> of(Map.of("approval.poll", "x")))
        .hasMessageContaining("'approval.poll'");
    assertThatThrownBy(() -> of(Map.of("cpu.shares", "-1"))).hasMessageContaining("'cpu.shares'");
  }
}
