package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.SettingRefusedException;
import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SshSettingsTest {

  private static SshSettings of(Map<String, String> file) {
    return SshSettings.of(Settings.of(SshSettings.PID, file, Map.of()));
  }

  @Test
  void defaults() {
    assertThat(of(Map.of("authorized.keys", "/keys")))
        .isEqualTo(
            new SshSettings(
                "0.0.0.0",
                2222,
                new SshSettings.Keys(
                    List.of(Path.of("/keys")), List.of(), List.of(), List.of(), Optional.empty()),
                new SshSettings.Limits(32, 8, 10, 30, Duration.ofSeconds(30), 6),
                List.of("aes128-gcm@openssh.com", "aes256-gcm@openssh.com"),
                "bash",
                Duration.ofSeconds(15),
                new SshSettings.Offline(false, Duration.ofMinutes(1), Duration.ofHours(1)),
                Duration.ofSeconds(2),
                0));
  }

  @Test
  void everyKeyIsMapped() {
    Map<String, String> file = new HashMap<>();
    file.put("bind", "fd00::2");
    file.put("port", "22022");
    file.put("authorized.keys", "/a,/b");
    file.put("trusted.ca", "/ca");
    file.put("principals", "sre,oncall");
    file.put("users", "me");
    file.put("host.key", "/host");
    file.put("connections.max", "5");
    file.put("connections.per.address", "4");
    file.put("startups.max", "3");
    file.put("rate", "2");
    file.put("login.time", "7s");
    file.put("login.tries", "1");
    file.put("ciphers", "aes256-ctr, aes128-gcm@openssh.com");
    file.put("shell", "sh");
    file.put("keepalive", "9s");
    file.put("offline", "true");
    file.put("offline.after", "20s");
    file.put("offline.life", "5m");
    file.put("drain.timeout", "0s");
    file.put("console.port", "8101");

    assertThat(of(file))
        .isEqualTo(
            new SshSettings(
                "fd00::2",
                22022,
                new SshSettings.Keys(
                    List.of(Path.of("/a"), Path.of("/b")),
                    List.of(Path.of("/ca")),
                    List.of("sre", "oncall"),
                    List.of("me"),
                    Optional.of(Path.of("/host"))),
                new SshSettings.Limits(5, 4, 3, 2, Duration.ofSeconds(7), 1),
                List.of("aes256-ctr", "aes128-gcm@openssh.com"),
                "sh",
                Duration.ofSeconds(9),
                new SshSettings.Offline(true, Duration.ofSeconds(20), Duration.ofMinutes(5)),
                Duration.ZERO,
                8101));
  }

  @Test
  void wrongValuesAreRefused() {
    Map<String, String> wrong = new HashMap<>();
    wrong.put("bind", "w2.example");
    wrong.put("port", "70000");
    wrong.put("authorized.keys", "keys");
    wrong.put("trusted.ca", "ca");
    wrong.put("principals", "a b");
    wrong.put("users", "a:b");
    wrong.put("host.key", "host");
    wrong.put("connections.max", "0");
    wrong.put("connections.per.address", "0");
    wrong.put("startups.max", "0");
    wrong.put("rate", "0");
    wrong.put("login.time", "1h");
    wrong.put("login.tries", "0");
    wrong.put("ciphers", "aes128-cbc");
    wrong.put("keepalive", "1ms");
    wrong.put("offline", "perhaps");
    wrong.put("offline.after", "1ms");
    wrong.put("offline.life", "1s");
    wrong.put("drain.timeout", "1h");
    wrong.put("console.port", "-1");
    wrong.forEach(
        (key, value) -> {
          Map<String, String> file = new HashMap<>(Map.of("authorized.keys", "/keys"));
          file.put(key, value);
          assertThatThrownBy(() -> of(file))
              .isInstanceOf(SettingRefusedException.class)
              .hasMessageContainingAll("'" + key + "'", "'" + value + "'");
        });
  }

  @Test
  void withoutAnAuthorityNobodyCouldComeInWithoutTheApiServer() {
    assertThatThrownBy(() -> of(Map.of("authorized.keys", "/keys", "offline", "true")))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll("'offline'", "'trusted.ca'");
  }

  @Test
  void withoutAnyKeyItDoesNotStart() {
    assertThatThrownBy(() -> of(Map.of()))
        .isInstanceOf(SettingRefusedException.class)
        .hasMessageContainingAll("'authorized.keys'", "trusted.ca", "nobody could come in");
  }
}
