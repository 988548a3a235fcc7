package io.lifeline.node.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackupSettingsTest {

  private static BackupSettings of(Map<String, String> file) {
    return BackupSettings.of(Settings.of(BackupSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of()))
        .isEqualTo(new BackupSettings(Duration.ofSeconds(5), Duration.ofSeconds(40)));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(of(Map.of("lease.renew", "2s", "lease.duration", "8s")))
        .isEqualTo(new BackupSettings(Duration.ofSeconds(2), Duration.ofSeconds(8)));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("lease.renew", "never")))
        .hasMessageContaining("'lease.renew'");
    assertThatThrownBy(() -> of(Map.of("lease.renew", "30s")))
        .hasMessageContaining("at least twice as long");
  }
}
