package io.lifeline.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import io.lifeline.operator.OperatorSettings.Bootstrap;
import io.lifeline.operator.OperatorSettings.Certificates;
import io.lifeline.operator.OperatorSettings.Ending;
import io.lifeline.operator.OperatorSettings.Proxy;
import io.lifeline.operator.OperatorSettings.Rollout;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

public class OperatorSettingsTest {

  public static OperatorSettings settings(Map<String, String> file) {
    return OperatorSettings.of(Settings.of(OperatorSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(settings(Map.of()))
        .isEqualTo(
            new OperatorSettings(
                "lifeline-system",
                Optional.empty(),
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                new Bootstrap("lifeline-bootstrap", Duration.ofHours(1), Optional.empty()),
                new Certificates(Duration.ofDays(30), Duration.ofDays(1)),
                new Ending(Duration.ofMinutes(5), Duration.ofSeconds(20), Duration.ofMinutes(3)),
                new Proxy(true, "lifeline.local/lifeline:0.1.0", 30843),
                new Rollout(Duration.ofMinutes(10), Optional.empty(), Optional.empty())));
  }

  @Test
  void mapping() {
    assertThat(
            settings(
                Map.ofEntries(
                    Map.entry("namespace", "a"),
                    Map.entry("node", "w2"),
                    Map.entry("resync", "1m"),
                    Map.entry("leadership.life", "30s"),
                    Map.entry("bootstrap.namespace", "b"),
                    Map.entry("bootstrap.token.life", "2h"),
                    Map.entry("bootstrap.api.server", "https://10.0.0.1:6443"),
                    Map.entry("certificate.enrolment.life", "2d"),
                    Map.entry("certificate.backup.life.most", "3h"),
                    Map.entry("end.agent.deadline", "1m"),
                    Map.entry("end.withdraw.wait", "0s"),
                    Map.entry("end.ready.wait", "10s"),
                    Map.entry("proxy.manage", "false"),
                    Map.entry("proxy.image", "x/y:1"),
                    Map.entry("proxy.nodeport", "0"),
                    Map.entry("rollout.deadline", "5m"),
                    Map.entry("releases", "/releases"),
                    Map.entry("releases.claim", "lifeline-releases"))))
        .isEqualTo(
            new OperatorSettings(
                "a",
                Optional.of("w2"),
                Duration.ofMinutes(1),
                Duration.ofSeconds(30),
                new Bootstrap(
                    "b", Duration.ofHours(2), Optional.of(URI.create("https://10.0.0.1:6443"))),
                new Certificates(Duration.ofDays(2), Duration.ofHours(3)),
                new Ending(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(10)),
                new Proxy(false, "x/y:1", 0),
                new Rollout(
                    Duration.ofMinutes(5),
                    Optional.of(Path.of("/releases")),
                    Optional.of("lifeline-releases"))));
  }

  @Test
  void rejections() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("namespace", "Not_One"),
            Map.of("node", "W 2"),
            Map.of("resync", "soon"),
            Map.of("leadership.life", "1s"),
            Map.of("bootstrap.namespace", "-"),
            Map.of("bootstrap.token.life", "1m"),
            Map.of("bootstrap.api.server", "http://10.0.0.1"),
            Map.of("bootstrap.api.server", "10.0.0.1:6443"),
            Map.of("certificate.enrolment.life", "1m"),
            Map.of("certificate.backup.life.most", "30d"),
            Map.of("end.agent.deadline", "1s"),
            Map.of("end.withdraw.wait", "1h"),
            Map.of("end.ready.wait", "0s"),
            Map.of("proxy.manage", "yes"),
            Map.of("proxy.nodeport", "70000"),
            Map.of("rollout.deadline", "1s"),
            Map.of("releases", "releases"),
            Map.of("releases.claim", "A claim"))) {
      assertThatThrownBy(() -> settings(wrong))
          .isInstanceOf(SettingRefusedException.class)
          .hasMessageContaining(wrong.keySet().iterator().next());
    }
  }
}
