package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The real OpenSSH client, and the real door on loopback with a fake container behind it. */
final class Ssh implements AutoCloseable {

  final Path home;
  final FakeContainer container = new FakeContainer();
  final SshDoor door;
  volatile boolean certificatesOnly;
  volatile Supplier<Today.Time> today = new Today(io.lifeline.security.api.ClusterTime.ofMachine());
  private final List<Process> started = new ArrayList<>();

  /** What a client's run came to. */
  record Result(int code, String out, String err) {}

  Ssh(Path home, Map<String, String> settings) throws Exception {
    this.home = home;
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("bind", "127.0.0.1");
    all.putIfAbsent("port", "0");
    all.putIfAbsent("authorized.keys", home.resolve("authorized_keys").toString());
    all.putIfAbsent("trusted.ca", home.resolve("ca.pub").toString());
    all.putIfAbsent("drain.timeout", "200ms");
    if (!Files.exists(home.resolve("me"))) {
      keygen("-t", "ed25519", "-f", "me", "-C", "me@laptop");
      keygen("-t", "ed25519", "-f", "ca", "-C", "authority");
      Files.copy(home.resolve("me.pub"), home.resolve("authorized_keys"));
    }
    SshSettings read = SshSettings.of(Settings.of(SshSettings.PID, all, Map.of()));
    HostKey host = HostKey.of(read.keys().host(), home);
    door = new SshDoor(read, host, container, () -> today.get(), () -> certificatesOnly);
    door.open();
  }

  Ssh(Path home) throws Exception {
    this(home, Map.of());
  }

  /** {@code ssh-keygen} without a passphrase. */
  void keygen(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q"));
    if (Arrays.asList(arguments).contains("-t")) {
      command.addAll(List.of("-N", ""));
    }
    command.addAll(Arrays.asList(arguments));
    Result made = run(command);
    assertThat(made.code()).as(made.err()).isZero();
  }

  List<String> command(String... arguments) {
    return withKey("me", "ssh", arguments);
  }

  List<String> withKey(String key, String program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "-F",
                "none",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + home.resolve("known_hosts"),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityAgent=none",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "ConnectTimeout=60",
                "-o",
                "Port=" + door.address().getPort(),
                "-i",
                home.resolve(key).toString()));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  Result ssh(String... arguments) throws Exception {
    return run(command(arguments));
  }

  boolean comesIn(String destination) {
    try {
      return ssh(destination, "exit 0").code() == 0;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Process start(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectError(home.resolve("err-" + started.size()).toFile())
            .start();
    started.add(process);
    return process;
  }

  String error(Process process) throws IOException {
    return Files.readString(home.resolve("err-" + started.indexOf(process)));
  }

  Result run(List<String> command) throws Exception {
    Process process = start(command);
    process.getOutputStream().close();
    return finish(process);
  }

  Result finish(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, error(process));
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited a minute").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
    door.close();
  }
}
