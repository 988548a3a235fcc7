package io.lifeline.debugpod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodSettingsTest {

  private static PodSettings of(Map<String, String> file) {
    return PodSettings.of(Settings.of(PodSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of())).isEqualTo(new PodSettings("default", "/host"));
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(of(Map.of("namespace", "rescue", "mount.path", "/mnt/worker")))
        .isEqualTo(new PodSettings("rescue", "/mnt/worker"));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("namespace", "No!"))).hasMessageContaining("'namespace'");
    assertThatThrownBy(() -> of(Map.of("mount.path", "host"))).hasMessageContaining("'mount.path'");
    assertThatThrownBy(() -> of(Map.of("mount.path", "/"))).hasMessageContaining("'mount.path'");
  }
}
