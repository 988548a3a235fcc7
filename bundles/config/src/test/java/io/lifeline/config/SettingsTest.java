package io.lifeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private enum Mode {
    FAIL_OPEN,
    FAIL_CLOSED
  }

  private static Settings settings(Map<String, String> file, Map<String, String> environment) {
    return Settings.of("io.lifeline.node.monitor", file, environment);
  }

  private static Settings settings(String key, String value) {
    return settings(Map.of(key, value), Map.of());
  }

  @Test
  void anAbsentOrBlankKeyHasItsDefault() {
    assertThat(settings(Map.of(), Map.of()).duration("a", "5s", "1s", "1m")).hasSeconds(5);
    assertThat(settings("a", "  ").number("a", 7, 1, 9)).isEqualTo(7);
    assertThat(settings("a", "").choice("a", Mode.class, Mode.FAIL_OPEN)).isEqualTo(Mode.FAIL_OPEN);
  }

  @Test
  void theEnvironmentWinsOverTheFile() {
    Settings settings =
        settings(Map.of("ready.after", "5s"), Map.of("LIFELINE_NODE_MONITOR_READY_AFTER", "9s"));
    assertThat(settings.duration("ready.after", "1s", "1s", "1m")).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void everyKindOfValueIsRead() {
    assertThat(settings("a", "500ms").duration("a", "1s", "1ms", "1d")).hasMillis(500);
    assertThat(settings("a", "x, y,,z ").list("a", "")).containsExactly("x", "y", "z");
    assertThat(settings("a", "true").flag("a", false)).isTrue();
    assertThat(settings("a", "fail-closed").choice("a", Mode.class, Mode.FAIL_OPEN))
        .isEqualTo(Mode.FAIL_CLOSED);
  }

  @Test
  void aWrongValueIsRefusedWithFileKeyValueAndRule() {
    assertThatThrownBy(() -> settings("port", "70000").number("port", 1, 1, 65535))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll(
            "etc/io.lifeline.node.monitor.cfg",
            "'port'",
            "'70000'",
            "from 1 to 65535",
            "LIFELINE_NODE_MONITOR_PORT");
    assertThatThrownBy(() -> settings("a", "soon").duration("a", "1s", "1s", "1m"))
        .hasMessageContaining("a duration from 1s to 1m");
    assertThatThrownBy(() -> settings("a", "2h").duration("a", "1s", "1s", "1m"))
        .hasMessageContaining("'2h'");
    assertThatThrownBy(
            () ->
                settings("a", "/x,y").list("a", "", Pattern.compile("/.*"), "each must be a path"))
        .hasMessageContainingAll("'y'", "but each must be a path");
    assertThatThrownBy(() -> settings("a", "yes").flag("a", true))
        .hasMessageContaining("true or false");
    assertThatThrownBy(() -> settings("a", "open").choice("a", Mode.class, Mode.FAIL_OPEN))
        .hasMessageContaining("[fail-open, fail-closed]");
  }
}
