package io.lifeline.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shells and commands, by the real OpenSSH client. */
class ShellTest {

  @TempDir Path home;
  private Ssh ssh;

  @BeforeEach
  void open() throws Exception {
    ssh = new Ssh(home);
  }

  @AfterEach
  void close() {
    ssh.close();
  }

  @Test
  void aCommandGivesItsOutputItsErrorsAndItsStatus() throws Exception {
    assertThat(ssh.ssh("me@127.0.0.1", "both"))
        .isEqualTo(new Ssh.Result(0, "to stdout\n", "to stderr\n"));
    assertThat(ssh.ssh("me@127.0.0.1", "exit 42").code()).isEqualTo(42);
    assertThat(ssh.container.last().spec.command()).isEqualTo(List.of("bash", "-c", "exit 42"));
  }

  @Test
  void aKilledCommandIsToldSo() throws Exception {
    Ssh.Result result = ssh.ssh("me@127.0.0.1", "killed");

    assertThat(result.code()).isEqualTo(255);
  }

  @Test
  void aCommandThatIsNotThereSaysWhy() throws Exception {
    Ssh.Result result = ssh.ssh("me@127.0.0.1", "missing");

    assertThat(result.code()).isEqualTo(127);
    assertThat(result.err()).contains("exec: \"missing\": not found");
  }

  @Test
  void theInputComesThroughWholeAndEnds() throws Exception {
    comesThrough(ssh.start(ssh.command("me@127.0.0.1", "cat")));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void sessionsThatHangInTheirBeginningHoldUpNobodysInput() throws Exception {
    Process process = ssh.start(ssh.command("me@127.0.0.1", "cat"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    ssh.start(ssh.command("me@127.0.0.1", "hangs"));
    ssh.start(ssh.command("me@127.0.0.1", "hangs"));
    Ssh.await(() -> ssh.container.hanging.get() == 2);

    comesThrough(process);
  }

  private static void comesThrough(Process process) throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(7).nextBytes(sent);
    Thread writer =
        new Thread(
            () -> {
              try (OutputStream to = process.getOutputStream()) {
                to.write(sent);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    writer.start();

    assertThat(process.getInputStream().readAllBytes()).isEqualTo(sent);
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aReaderThatStopsStopsTheProcess() throws Exception {
    Process process = ssh.start(ssh.command("me@127.0.0.1", "zeros 100000000"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    FakeContainer.FakeProcess running = ssh.container.last();
    long[] before = {-1};
    long[] since = {System.nanoTime()};
    // Nothing more for a second: client, window and sockets are full.
    Ssh.await(
        () -> {
          long now = running.written.get();
          if (now != before[0]) {
            before[0] = now;
            since[0] = System.nanoTime();
          }
          return now > 0 && System.nanoTime() - since[0] > 1_000_000_000L;
        });

    assertThat(running.written.get()).isLessThan(16_000_000);
    assertThat(process.getInputStream().skip(100_000_000)).isEqualTo(100_000_000);
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void aShellHasATerminalOfTheClientsKindAndHoldsAConversation() throws Exception {
    Process process = ssh.start(ssh.command("-tt", "me@127.0.0.1"));
    try (OutputStream keys = process.getOutputStream()) {
      keys.write("hello\nexit 3\n".getBytes(StandardCharsets.UTF_8));
    }

    Ssh.Result result = ssh.finish(process);

    assertThat(result.out()).contains("prompt# ").contains("[hello ]");
    assertThat(result.code()).isEqualTo(3);
    assertThat(ssh.container.last().spec.tty()).isTrue();
    assertThat(ssh.container.last().spec.command()).isEqualTo(List.of("bash"));
    assertThat(ssh.container.last().spec.environment()).containsKey("TERM");
    assertThat(ssh.container.last().person.identity().name()).startsWith("me@laptop (SHA256:");
  }

  @Test
  void theWindowsSizeAndItsChangesArrive() throws Exception {
    // script(1) gives the client a terminal of its own, stty(1) sets its size, kill tells of it.
    String client = String.join(" ", ssh.command("-tt", "me@127.0.0.1"));
    Process process =
        ssh.start(
            List.of(
                "script",
                "-qefc",
                ("exec 3<&0; stty rows 33 cols 101; %s <&3 &"
                        + " sleep 2; stty rows 44 cols 132; kill -WINCH $!; wait")
                    .formatted(client),
                "/dev/null"));

    Ssh.await(() -> !ssh.container.processes.isEmpty());
    assertThat(ssh.container.last().spec.size()).contains(new TerminalSize(101, 33));
    Ssh.await(() -> new TerminalSize(132, 44).equals(ssh.container.last().size()));
    process.destroyForcibly();
  }

  @Test
  void onlyTermAndLangAreTaken() throws Exception {
    Ssh.Result result =
        ssh.ssh(
            "-o", "SetEnv=LANG=de_DE.UTF-8 LC_ALL=C LD_PRELOAD=/tmp/x.so", "me@127.0.0.1", "env");

    assertThat(result.out()).isEqualTo("{LANG=de_DE.UTF-8}\n");
  }

  @Test
  void whatIsSaidToTheEngineReachesIt() throws Exception {
    ssh.container.refuse = "heard";
    for (String line : List.of("sessions", "watch amber-1", "lifeline sessions")) {
      assertThat(ssh.ssh("me@127.0.0.1", line).err()).contains("heard");
    }
    CommandLine commands = new CommandLine("bash");
    assertThat(commands.of("join amber-1")).isEqualTo(List.of("lifeline", "join", "amber-1"));
    assertThat(commands.of("lifeline end amber-1"))
        .isEqualTo(List.of("lifeline", "end", "amber-1"));
    assertThat(commands.of("joinery x")).isEqualTo(List.of("bash", "-c", "joinery x"));
  }

  @Test
  void aClientThatIsKilledLosesItsSessionAndOneThatLeavesClosesIt() throws Exception {
    Process killed = ssh.start(ssh.command("-tt", "me@127.0.0.1"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    killed.getInputStream().read();
    killed.destroyForcibly();
    Ssh.await(() -> ssh.container.last().went().equals("lost"));

    Process leaving = ssh.start(ssh.command("-tt", "-e", "~", "me@127.0.0.1"));
    Ssh.await(() -> ssh.container.processes.size() == 2);
    leaving.getInputStream().read();
    OutputStream keys = leaving.getOutputStream();
    keys.write("\n~.".getBytes(StandardCharsets.UTF_8));
    keys.flush();
    Ssh.await(() -> ssh.container.last().went().equals("closed"));
  }

  @Test
  void aBreakIsAnInterrupt() throws Exception {
    Process process = ssh.start(ssh.command("-tt", "me@127.0.0.1", "sleep"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    OutputStream keys = process.getOutputStream();
    keys.write("\n~B".getBytes(StandardCharsets.UTF_8));
    keys.flush();

    assertThat(ssh.finish(process).code()).isEqualTo(255);
    assertThat(ssh.container.last().went()).isEmpty();
  }

  @Test
  void theStateOfTheContainerIsToldToThePerson() throws Exception {
    ssh.container.refuse = "no debug pod runs on w2-debug";

    Ssh.Result result = ssh.ssh("me@127.0.0.1", "both");

    assertThat(result.code()).isEqualTo(255);
    assertThat(result.err()).isEqualTo("lifeline: no debug pod runs on w2-debug\n");
  }

  @Test
  void whoIsThereIsAskedAndAnswers() throws Exception {
    ssh.close();
    ssh = new Ssh(home, Map.of("keepalive", "1s"));
    Process process =
        ssh.start(ssh.command("-o", "ServerAliveInterval=1", "me@127.0.0.1", "sleep"));
    Ssh.await(() -> !ssh.container.processes.isEmpty());
    long until = System.nanoTime() + 6_000_000_000L;
    Ssh.await(() -> System.nanoTime() > until);
    assertThat(process.isAlive()).isTrue();
    assertThat(ssh.container.last().went()).isEmpty();

    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
    Ssh.await(() -> ssh.container.last().went().equals("lost"));
  }
}
