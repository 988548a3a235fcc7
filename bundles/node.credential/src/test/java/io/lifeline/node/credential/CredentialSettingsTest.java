package io.lifeline.node.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialSettingsTest {

  private static CredentialSettings of(Map<String, String> file) {
    return CredentialSettings.of(Settings.of(CredentialSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    CredentialSettings settings = of(Map.of());
    assertThat(settings.life()).hasHours(1);
    assertThat(settings.proxyPort()).isEqualTo(30843);
    assertThat(settings.peers()).isEmpty();
    assertThat(settings.servers()).isEmpty();
    assertThat(settings.armPeriod()).hasHours(1);
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(
            of(
                Map.of(
                    "life", "45s",
                    "proxy.port", "31000",
                    "proxy.peers", "10.0.0.1,10.0.0.2",
                    "api.servers", "https://10.0.0.10:6443",
                    "kubeconfig", "/k",
                    "arm.period", "5m")))
        .isEqualTo(
            new CredentialSettings(
                Duration.ofSeconds(45),
                31000,
                List.of("10.0.0.1", "10.0.0.2"),
                List.of(URI.create("https://10.0.0.10:6443")),
                List.of("/k"),
                Duration.ofMinutes(5)));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("life", "1s"))).hasMessageContaining("'life'");
    assertThatThrownBy(() -> of(Map.of("proxy.port", "x"))).hasMessageContaining("'proxy.port'");
    assertThatThrownBy(() -> of(Map.of("api.servers", "http://10.0.0.10")))
        .hasMessageContaining("https URLs");
    assertThatThrownBy(() -> of(Map.of("arm.period", "1s"))).hasMessageContaining("'arm.period'");
  }
}
