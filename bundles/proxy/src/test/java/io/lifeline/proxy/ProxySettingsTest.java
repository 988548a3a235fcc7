package io.lifeline.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProxySettingsTest {

  private static ProxySettings settings(Map<String, String> file) {
    return ProxySettings.of(Settings.of(ProxySettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(
            new ProxySettings(
                "0.0.0.0",
                8443,
                Path.of("/etc/lifeline/tls"),
                "lifeline-system",
                90,
                Optional.empty()));
  }

  @Test
  void mapping() {
    assertThat(
            settings(
                Map.of(
                    "address", "10.0.0.1",
                    "port", "9443",
                    "tls", "/tmp/tls",
                    "namespace", "debug",
                    "requests.per.minute", "5",
                    "releases", "/releases")))
        .isEqualTo(
            new ProxySettings(
                "10.0.0.1",
                9443,
                Path.of("/tmp/tls"),
                "debug",
                5,
                Optional.of(Path.of("/releases"))));
  }

  @Test
  void rejections() {
    for (Map<String, String> wrong :
        java.util.List.of(
            Map.of("address", "example.org"),
            Map.of("port", "0"),
            Map.of("tls", "relative"),
            Map.of("namespace", "Not_One"),
            Map.of("requests.per.minute", "0"),
            Map.of("releases", "releases"))) {
      assertThatThrownBy(() -> settings(wrong))
          .isInstanceOf(SettingRefusedException.class)
          .hasMessageContaining(wrong.keySet().iterator().next());
    }
  }
}
