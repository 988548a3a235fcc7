package io.lifeline.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MonitorSettingsTest {

  private static MonitorSettings of(Map<String, String> file) {
    return MonitorSettings.of(Settings.of(MonitorSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    MonitorSettings settings = of(Map.of());
    assertThat(settings.period()).hasSeconds(2);
    assertThat(settings.hold())
        .isEqualTo(new MonitorSettings.Hold(Duration.ofSeconds(5), Duration.ofSeconds(5)));
    assertThat(settings.kubeconfigs()).startsWith("/etc/kubernetes/kubelet.conf");
    assertThat(settings.healthzPort()).contains(10248);
    assertThat(settings.runtimeSocket()).contains("/run/containerd/containerd.sock");
  }

  @Test
  void everyKeyIsMapped() {
    assertThat(
            of(
                Map.of(
                    "period", "1s",
                    "probe.limit", "300ms",
                    "ready.after", "7s",
                    "notready.after", "8s",
                    "kubeconfig", "/a,/b",
                    "kubelet.healthz.port", "0",
                    "runtime.socket", "none")))
        .isEqualTo(
            new MonitorSettings(
                Duration.ofSeconds(1),
                Duration.ofMillis(300),
                new MonitorSettings.Hold(Duration.ofSeconds(7), Duration.ofSeconds(8)),
                List.of("/a", "/b"),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void wrongValuesAreRefused() {
    for (String key : List.of("period", "probe.limit", "ready.after", "notready.after")) {
      assertThatThrownBy(() -> of(Map.of(key, "later"))).hasMessageContaining("'" + key + "'");
    }
    assertThatThrownBy(() -> of(Map.of("kubelet.healthz.port", "-1")))
        .hasMessageContaining("from 0 to 65535");
  }
}
