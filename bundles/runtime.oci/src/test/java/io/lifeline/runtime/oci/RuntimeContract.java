package io.lifeline.runtime.oci;

import static io.lifeline.runtime.oci.Fixture.command;
import static io.lifeline.runtime.oci.Fixture.terminal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.runtime.oci.container.ExecBy;
import io.lifeline.runtime.oci.tool.Cgroup;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.TerminalSize;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What holds for every OCI runtime, tried with a real one, as root, on this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class RuntimeContract {

  private final String runtime;
  private Fixture fixture;
  private DebugContainer container;

  private final ExecBy execBy;

  RuntimeContract(String runtime, ExecBy execBy) {
    this.runtime = runtime;
    this.execBy = execBy;
  }

  Fixture fixture(String runtime) throws Exception {
    return new Fixture(runtime, execBy);
  }

  @BeforeAll
  void create() throws Exception {
    fixture = fixture(runtime);
    container = fixture.create();
  }

  @AfterAll
  void delete() throws Exception {
    if (container != null) {
      container.delete();
      fixture.close();
    }
    afterwards();
  }

  /** What a subclass has to end; the last of all. */
  void afterwards() throws Exception {}

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private Heard ran(String... words) throws Exception {
    Heard heard = new Heard();
    container.exec(command(words), heard);
    heard.end();
    return heard;
  }

  @Test
  void whatRunsHereIsSaid() {
    assertThat(fixture.containers.description()).matches(runtime + " \\d.* \\(/usr/s?bin/.*\\)");
  }

  @Test
  void theExitCodeAndBothOutputsArriveApart() throws Exception {
    Heard heard = ran("bash", "-c", "echo out; echo err >&2; exit 3");
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(3));
    assertThat(heard.out()).isEqualTo("out\n");
    assertThat(heard.err()).isEqualTo("err\n");
  }

  @Test
  void aSignalIsToldApartFromAnExitCode() throws Exception {
    assertThat(ran("bash", "-c", "kill -9 $$").end()).isEqualTo(new ExitStatus.Signalled(9));
  }

  @Test
  void aMissingCommandIsAnswered127AsTheKubeletSaysIt() throws Exception {
    assertThat(ran("nosuch").end())
        .isEqualTo(
            new ExitStatus.Failed(127, "exec: \"nosuch\": executable file not found in $PATH"));
    assertThat(ran("/no/such").end().shellCode()).isEqualTo(127);
    assertThat(ran("/etc/passwd").end().shellCode()).isEqualTo(126);
    Heard heard = new Heard();
    container.exec(terminal("nosuch"), heard);
    assertThat(heard.end().shellCode()).isEqualTo(127);
    assertThat(heard.out()).isEmpty();
  }

  @Test
  void theWorkersRootIsMounted() throws Exception {
    assertThat(ran("bash", "-c", "chroot /host uname -s; cat /host/proc/1/comm").out())
        .startsWith("Linux\n");
    Files.writeString(fixture.state.resolve("marker"), "of the worker");
    String marker = "/host/" + fixture.root.relativize(fixture.state) + "/marker";
    assertThat(ran("cat", marker).out()).isEqualTo("of the worker");
  }

  @Test
  void theEnvironmentIsThePodsAndTheSessions() throws Exception {
    Heard heard = new Heard();
    container.exec(
        new ProcessSpec(
            List.of("bash", "-c", "echo $FROM_POD $FROM_EXEC $LIFELINE_WORKER $HOME"),
            Map.of("FROM_EXEC", "too \u00e9"),
            false,
            false,
            Optional.empty()),
        heard);
    heard.end();
    assertThat(heard.out()).isEqualTo("yes too \u00e9 w2 /root\n");
  }

  @Test
  void withoutInputTheProcessReadsItsEndAtOnce() throws Exception {
    Heard heard = new Heard();
    container.exec(
        new ProcessSpec(List.of("cat"), Map.of(), false, false, Optional.empty()), heard);
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
  }

  @Test
  void sixtyFourMebibytesComeBackByteForByte() throws Exception {
    byte[] sent = new byte[64 << 20];
    new Random(1).nextBytes(sent);
    Heard heard = new Heard();
    ContainerProcess cat = container.exec(command("cat"), heard);
    long start = System.nanoTime();
    ByteBuffer left = ByteBuffer.wrap(sent);
    while (!cat.stdin(left)) {
      assertThat(heard.wanted.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }
    cat.closeStdin();
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
    System.out.printf(
        "%s: 64 MiB there and back in %d ms%n", runtime, (System.nanoTime() - start) / 1_000_000);
    assertThat(Arrays.equals(heard.outBytes(), sent)).isTrue();
  }

  @Test
  void aProcessThatEndsBeforeItReadsStillYieldsItsStatus() throws Exception {
    Heard heard = new Heard();
    ContainerProcess process = container.exec(command("bash", "-c", "sleep 0.2; exit 4"), heard);
    ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
    assertThat(process.stdin(much)).isFalse();
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(4));
    assertThat(process.stdin(much)).isTrue();
    assertThat(much.hasRemaining()).isFalse();
  }

  @Test
  void aProcessThatClosesItsInputGetsTheRestDropped() throws Exception {
    Heard heard = new Heard();
    ContainerProcess process =
        container.exec(command("bash", "-c", "exec <&-; echo closed; sleep 1; exit 6"), heard);
    heard.until(text -> text.contains("closed"));
    assertThat(process.stdin(ByteBuffer.allocate(1 << 20))).isTrue();
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(6));
  }

  @Test
  void aSlowClientStopsTheProcess() throws Exception {
    Stalled stalled = new Stalled();
    ContainerProcess process =
        container.exec(command("bash", "-c", "while :; do echo 0123456789abcdef; done"), stalled);
    assertThat(stalled.reached.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(stalled.calls).hasValue(1);
    process.close();
    stalled.goOn.countDown();
    assertThat(stalled.ended.get(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void aBackgroundProcessDoesNotKeepTheSession() throws Exception {
    Heard heard = new Heard();
    container.exec(command("bash", "-c", "sleep 77 & echo started"), heard);
    assertThat(heard.ended.get(3, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
    assertThat(heard.out()).isEqualTo("started\n");
  }

  @Test
  void aProcessWithoutATerminalEndsWithItsClient() throws Exception {
    Heard heard = new Heard();
    ContainerProcess process =
        container.exec(command("bash", "-c", "sleep 78 & echo on; wait"), heard);
    heard.until(text -> text.contains("on"));
    process.close();
    assertThat(heard.end()).isInstanceOf(ExitStatus.Signalled.class);
    Fixture.until(() -> Fixture.running("sleep 78") == 0);
  }

  @Test
  void aProcessThatIgnoresTheHangUpIsKilledAfterAWhile() throws Exception {
    Heard heard = new Heard();
    ContainerProcess process =
        container.exec(
            command("bash", "-c", "trap '' TERM HUP; echo on; while :; do sleep 1; done"), heard);
    heard.until(text -> text.contains("on"));
    process.close();
    assertThat(heard.end()).isEqualTo(new ExitStatus.Signalled(9));
  }

  @Test
  void aTerminalIsFoundUnderItsNameAndHasTheSizeItWasGiven() throws Exception {
    Heard heard = new Heard();
    ContainerProcess shell =
        container.exec(
            new ProcessSpec(
                // crun starts the process before its terminal has its size; then SIGWINCH tells it.
                List.of(
                    "bash",
                    "-c",
                    "tty; while [ \"$(stty size)\" = '0 0' ]; do :; done; stty size; read; stty"
                        + " size"),
                Map.of(),
                true,
                true,
                Optional.of(new TerminalSize(101, 33))),
            heard);
    heard.until(text -> text.contains("33 101"));
    assertThat(heard.out()).startsWith("/dev/pts/");
    shell.resize(new TerminalSize(80, 24));
    shell.stdin(bytes("\n"));
    heard.until(text -> text.contains("24 80"));
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
  }

  @Test
  void aResizeIsSignalled() throws Exception {
    Heard heard = new Heard();
    ContainerProcess shell =
        container.exec(
            terminal(
                "bash",
                "-c",
                "trap 'stty size; exit 0' WINCH; echo on; while :; do sleep 0.1; done"),
            heard);
    heard.until(text -> text.contains("on"));
    shell.resize(new TerminalSize(77, 55));
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
    assertThat(heard.out()).contains("55 77");
  }

  @Test
  void controlCInterrupts() throws Exception {
    Heard heard = new Heard();
    ContainerProcess shell = container.exec(terminal("bash", "--norc"), heard);
    heard.until(text -> text.contains("# "));
    shell.stdin(bytes("echo go-$((1+1)); sleep 79\n"));
    heard.until(text -> text.contains("go-2"));
    Fixture.until(() -> Fixture.running("sleep 79") == 1);
    shell.stdin(bytes("\u0003"));
    Fixture.until(() -> Fixture.running("sleep 79") == 0);
    shell.stdin(bytes("exit 9\n"));
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(9));
  }

  @Test
  void theEndOfInputEndsAShellOnATerminal() throws Exception {
    Heard heard = new Heard();
    ContainerProcess shell = container.exec(terminal("bash", "--norc"), heard);
    heard.until(text -> text.contains("# "));
    shell.closeStdin();
    assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
  }

  @Test
  void aShellOnATerminalHangsUpWithItsClientAndSoDoesItsForeground() throws Exception {
    Heard heard = new Heard();
    ContainerProcess shell = container.exec(terminal("bash", "--norc"), heard);
    heard.until(text -> text.contains("# "));
    shell.stdin(bytes("sleep 80\n"));
    Fixture.until(() -> Fixture.running("sleep 80") == 1);
    shell.close();
    heard.end();
    Fixture.until(() -> Fixture.running("sleep 80") == 0);
  }

  @Test
  void everythingATerminalSaysArrivesBeforeItsEnd() throws Exception {
    for (int i = 0; i < 5; i++) {
      Heard heard = new Heard();
      container.exec(
          terminal("bash", "-c", "stty -opost; for ((i=0;i<20000;i++)); do echo $i; done"), heard);
      assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(heard.out().lines().count()).isEqualTo(20000);
      assertThat(heard.out()).endsWith("19999\n");
    }
  }

  @Test
  void twentySessionsAtOnceAndNothingIsLeftOfThem() throws Exception {
    ran("true");
    int fds = Fixture.openFiles();
    List<Heard> all = new ArrayList<>();
    List<ContainerProcess> shells = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Heard heard = new Heard();
      all.add(heard);
      shells.add(container.exec(i % 2 == 0 ? terminal("bash") : command("cat"), heard));
    }
    for (int i = 0; i < 20; i++) {
      shells.get(i).stdin(bytes("echo session-" + i + "\n"));
    }
    for (int i = 0; i < 20; i++) {
      String expected = "session-" + i + (i % 2 == 0 ? "\r\n" : "\n");
      all.get(i).until(text -> text.contains(expected));
      shells.get(i).close();
      all.get(i).end();
    }
    Fixture.until(() -> Fixture.threads("lifeline-session") == 0);
    Fixture.until(() -> Fixture.openFiles() <= fds);
    try (var left = Files.list(fixture.state.resolve("containers").resolve(container.id()))) {
      assertThat(left.map(path -> path.getFileName().toString()).filter(n -> !n.endsWith(".log")))
          .containsExactlyInAnyOrder("config.json", "container.properties");
    }
    File[] sockets = fixture.state.resolve("tty").toFile().listFiles();
    assertThat(sockets == null ? 0 : sockets.length).isZero();
  }

  @Test
  void severalJoinTheMainProcessAndItLivesOnWhenTheyLeave() throws Exception {
    DebugContainer shell = fixture.create(true, true);
    try {
      Heard one = new Heard();
      Heard two = new Heard();
      ContainerProcess first = shell.attach(one);
      ContainerProcess second = shell.attach(two);
      first.stdin(bytes("echo for-$((20+3))\n"));
      one.until(text -> text.contains("for-23"));
      two.until(text -> text.contains("for-23"));
      first.close();
      assertThat(one.end()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(shell.ended()).isEmpty();
      second.stdin(bytes("exit 7\n"));
      assertThat(two.end()).isEqualTo(new ExitStatus.Exited(7));
      Fixture.until(() -> shell.ended().isPresent());
      assertThat(shell.ended()).contains(new ExitStatus.Exited(7));
      assertThat(Fixture.log(shell)).contains("for-23");
      assertThatThrownBy(() -> shell.exec(command("true"), new Heard()))
          .isInstanceOf(ContainerException.class)
          .hasMessageContaining("has ended");
    } finally {
      shell.delete();
    }
  }

  @Test
  void anInputForOneEndsWithHisAndTheMainProcessWithIt() throws Exception {
    DebugContainer script = fixture.create(false, ContainerInput.ONCE, "bash");
    try {
      Heard heard = new Heard();
      ContainerProcess attached = script.attach(heard);
      attached.stdin(bytes("echo for-$((20+3))\nsleep 0.1\n(exit 4)"));
      attached.closeStdin();
      assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(4));
      assertThat(heard.out()).isEqualTo("for-23\n");
    } finally {
      script.delete();
    }
  }

  @Test
  void noProcessIsKeptFromTheOomKillerAsTheAgentIs() throws Exception {
    String score = Fixture.OOM_SCORE + "\n";
    String[] late = {"bash", "-c", "sleep 0.5; cat /proc/$$/oom_score_adj"};
    assertThat(ran(late).out()).isEqualTo(score);
    assertThat(ran("no-such-program").end().shellCode()).isEqualTo(127);
    Heard shell = new Heard();
    container.exec(terminal(late), shell);
    shell.end();
    assertThat(shell.out().strip()).isEqualTo(score.strip());
    DebugContainer main = fixture.create("bash", "-c", "sleep 1; cat /proc/self/oom_score_adj");
    try {
      Fixture.until(() -> Fixture.log(main).contains(score));
    } finally {
      main.delete();
    }
  }

  @Test
  void theMainProcesssOutputIsKeptAndItsEndIsTold() throws Exception {
    // A main process that ends before crun has is buried by crun, and its status with it.
    DebugContainer short_ =
        fixture.create("bash", "-c", "echo hello; echo there >&2; sleep 1; exit 5");
    Heard told = new Heard();
    short_.whenEnded(() -> told.ended(new ExitStatus.Exited(0)));
    told.end();
    assertThat(short_.ended()).contains(new ExitStatus.Exited(5));
    assertThat(Fixture.log(short_)).contains("hello\n", "there\n");
    short_.delete();
    short_.delete();
  }

  @Test
  void aMainProcessThatIsNotThereIsRefusedByItsName() {
    assertThatThrownBy(() -> fixture.create("nosuch", "-x"))
        .isInstanceOf(ContainerException.class)
        .hasMessageContaining("\"nosuch\": executable file not found");
  }

  @Test
  void afterADeleteNothingIsLeftAndItCanBeCreatedAgain() throws Exception {
    DebugContainer again = fixture.create();
    Heard heard = new Heard();
    again.exec(command("bash", "-c", "sleep 81 & sleep 82 & echo on; wait"), heard);
    heard.until(text -> text.contains("on"));
    long mounts = Fixture.mounts();
    again.delete();
    heard.end();
    again.delete();
    assertThat(Fixture.running("sleep 81") + Fixture.running("sleep 82")).isZero();
    assertThat(Fixture.mounts()).isEqualTo(mounts);
    assertThat(fixture.state.resolve("containers").resolve(again.id())).doesNotExist();
    assertThat(fixture.state.resolve("runtime").resolve(again.id())).doesNotExist();
    assertThat(new Cgroup(again.id(), Path.of("/")).processes()).isEmpty();
    assertThat(Fixture.cgroups(again.id())).isEmpty();
    assertThat(fixture.containers.find(again.id())).isEmpty();
    assertThatThrownBy(() -> again.exec(command("true"), new Heard()))
        .isInstanceOf(ContainerException.class);
    DebugContainer third = fixture.create();
    Fixture.until(() -> third.ended().isEmpty());
    third.delete();
  }

  @Test
  void aLaterLifeOfTheAgentFindsItAndGoesOn() throws Exception {
    DebugContainer old = fixture.create();
    try (Fixture later = fixture.another()) {
      DebugContainer found = later.containers.find(old.id()).orElseThrow();
      Heard heard = new Heard();
      found.exec(command("bash", "-c", "echo again"), heard);
      assertThat(heard.end()).isEqualTo(new ExitStatus.Exited(0));
      assertThat(heard.out()).isEqualTo("again\n");
      assertThatThrownBy(() -> found.attach(new Heard())).hasMessageContaining("use exec");
      found.delete();
      Fixture.until(() -> found.ended().isPresent() && old.ended().isPresent());
    }
  }

  @Test
  void howLongAnExecTakes() throws Exception {
    for (int i = 0; i < 10; i++) {
      ran("true");
    }
    long[] micros = new long[40];
    for (int i = 0; i < micros.length; i++) {
      long start = System.nanoTime();
      ran("true");
      micros[i] = (System.nanoTime() - start) / 1000;
    }
    Arrays.sort(micros);
    System.out.printf(
        "%s by %s: exec of true takes %.1f ms (median), %.1f ms (p95)%n",
        runtime, execBy, micros[20] / 1000.0, micros[38] / 1000.0);
  }
}
