package io.lifeline.node.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import io.lifeline.node.api.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerSettingsTest {

  private static WorkerSettings of(Map<String, String> file) {
    return WorkerSettings.of(
        Settings.of(WorkerSettings.PID, file, Map.of()), Map.of("HOST_IP", "10.0.0.9"), "w9");
  }

  @Test
  void defaultsComeFromThePodAndTheMachine() {
    WorkerSettings settings = of(Map.of());
    assertThat(settings.name()).isEqualTo("w9");
    assertThat(settings.suffix()).isEqualTo("-debug");
    assertThat(settings.address()).contains("10.0.0.9");
    assertThat(settings.port()).isEqualTo(10350);
    assertThat(settings.root()).isEmpty();
    assertThat(settings.state()).isEqualTo("/run/lifeline");
  }

  @Test
  void everyKeyIsMapped() {
    WorkerSettings settings =
        of(
            Map.of(
                "name", "n1",
                "backup.suffix", "-spare",
                "address", "fd00::1",
                "port", "1234",
                "root", "/mnt",
                "state", "/run/x"));
    assertThat(settings)
        .isEqualTo(
            new WorkerSettings(
                "n1",
                "-spare",
                java.util.Optional.of("fd00::1"),
                1234,
                java.util.Optional.of(Path.of("/mnt")),
                "/run/x"));
  }

  @Test
  void wrongValuesAreRefused() {
    assertThatThrownBy(() -> of(Map.of("name", "W 2"))).hasMessageContaining("'name'");
    assertThatThrownBy(() -> of(Map.of("backup.suffix", "debug")))
        .hasMessageContaining("begin with a dash");
    assertThatThrownBy(() -> of(Map.of("address", "w2.local")))
        .hasMessageContaining("never a name");
    assertThatThrownBy(() -> of(Map.of("port", "0"))).hasMessageContaining("'port'");
    assertThatThrownBy(() -> of(Map.of("state", "x"))).hasMessageContaining("absolute path");
  }

  @Test
  void pathsOfTheWorkerAreSeenBelowItsRoot(@TempDir Path root) throws Exception {
    Worker worker = ConfiguredWorker.facts(of(Map.of("root", root.toString())));
    assertThat(worker.path("/etc/hosts")).isEqualTo(root.resolve("etc/hosts"));
    assertThat(worker.state()).isEqualTo(root.resolve("run/lifeline"));
    assertThat(Files.isDirectory(worker.state())).isTrue();
    assertThat(worker.backupName()).isEqualTo("w9-debug");
  }
}
