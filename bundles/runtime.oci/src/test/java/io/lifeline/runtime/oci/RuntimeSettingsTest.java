package io.lifeline.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.runtime.oci.container.Limits;
import io.lifeline.runtime.oci.rootfs.RootfsContents;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuntimeSettingsTest {

  private static RuntimeSettings of(Map<String, String> file) {
    return RuntimeSettings.of(Settings.of(RuntimeSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    RuntimeSettings settings = of(Map.of());
    assertThat(settings.runtimes()).containsExactly("runc", "crun");
    assertThat(settings.path()).startsWith("/usr/local/sbin").contains("/usr/bin", "/opt/bin");
    assertThat(settings.rootfs().required()).containsExactly("bash", "chroot", "sleep");
    assertThat(settings.rootfs().optional()).contains("ls", "tar", "stty");
    assertThat(settings.rootfs().mostBytes()).isEqualTo(16 << 20);
    assertThat(settings.limits().start()).hasSeconds(10);
    assertThat(settings.limits().closeGrace()).hasSeconds(3);
    assertThat(settings.limits().scratchMebibytes()).isEqualTo(8);
    assertThat(settings.execBy()).isEqualTo(ExecBy.AGENT);
  }

  @Test
  void everyKeyIsRead() {
    Map<String, String> file = new HashMap<>();
    file.put("runtimes", "crun");
    file.put("path", "/a,/b");
    file.put("binaries", "sh");
    file.put("optional", "ls");
    file.put("rootfs.max", "3");
    file.put("scratch.max", "4");
    file.put("start.limit", "5s");
    file.put("close.grace", "0s");
    file.put("exec.by", "runtime");
    assertThat(of(file))
        .isEqualTo(
            new RuntimeSettings(
                List.of("crun"),
                List.of("/a", "/b"),
                new RootfsContents(List.of("sh"), List.of("ls"), List.of("/a", "/b"), 3 << 20),
                new Limits(Duration.ofSeconds(5), Duration.ZERO, 4),
                ExecBy.RUNTIME));
  }

  @Test
  void wrongValuesAreRefused() {
    Map<String, String> wrong =
        Map.of(
            "runtimes", ",",
            "path", "usr/bin",
            "binaries", ",",
            "rootfs.max", "0",
            "scratch.max", "x",
            "start.limit", "10",
            "close.grace", "2h",
            "exec.by", "runc");
    wrong.forEach(
        (key, value) ->
            assertThatThrownBy(() -> of(Map.of(key, value)))
                .isInstanceOf(SettingRefusedException.class)
                .hasMessageContaining("'%s'".formatted(key)));
  }
}
