package io.lifeline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.PendingCertificate;
import io.lifeline.node.api.Rescue;
import io.lifeline.node.api.RescueCredentials;
import io.lifeline.node.api.RescuePhase;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerHealth.Verdict;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionState;
import io.lifeline.session.api.TerminalSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.junit.jupiter.api.Test;

class CommandsTest {

  private final Shell shell = new Shell();
  private final FakeEngine engine = new FakeEngine();

  private static final SessionInfo AMBER =
      new SessionInfo(
          "amber-7",
          Door.KUBELET,
          "kube-apiserver-kubelet-client",
          List.of("bash", "-c", "x".repeat(100)),
          true,
          Duration.ofMinutes(75),
          SessionState.DETACHED,
          Duration.ofSeconds(61),
          Optional.of(new TerminalSize(120, 40)),
          new SessionInfo.Traffic(5, 12345),
          new SessionInfo.Others(1, 2));

  private String run(Action command) throws Exception {
    shell.clear();
    command.execute();
    return shell.written();
  }

  private <C extends Shown> C at(C command) {
    command.shell = shell.session();
    return command;
  }

  @Test
  void sessionsAreATableOfEightyColumns() throws Exception {
    engine.sessions.add(AMBER);
    SessionListCommand list = at(new SessionListCommand());
    list.engine = engine;
    assertThat(run(list).lines())
        .hasSize(2)
        .allMatch(line -> line.length() <= 80)
        .last()
        .asString()
        .startsWith("amber-7  kubelet  1h15m  1m1s  120x40  detached  bash -c xxx");
  }

  @Test
  void everythingThatIsShownIsThereAsJson() throws Exception {
    engine.sessions.add(AMBER);
    SessionListCommand list = at(new SessionListCommand());
    list.engine = engine;
    list.output = "json";
    assertThat(run(list))
        .startsWith("[{\"id\":\"amber-7\",\"door\":\"kubelet\",")
        .contains(
            "\"state\":\"detached\"", "\"idleSeconds\":61", "\"bytesOut\":12345", "\"watching\":2")
        .endsWith("}]\n");
    list.output = "yaml";
    assertThatThrownBy(() -> run(list)).hasMessageContaining("it must be json");
  }

  @Test
  void oneSessionIsToldWhollyAndAnUnknownOneIsSaidSo() throws Exception {
    engine.sessions.add(AMBER);
    SessionInfoCommand info = at(new SessionInfoCommand());
    info.engine = engine;
    info.id = "amber-7";
    assertThat(run(info)).contains("who         kube-apiserver-kubelet-client", "joined      1");
    info.id = "amber-8";
    assertThatThrownBy(() -> run(info)).hasMessageContainingAll("amber-8", "session:list");
  }

  @Test
  void aLineIsSaidAndASessionEnded() throws Exception {
    SessionSayCommand say = new SessionSayCommand();
    say.engine = engine;
    say.text = List.of("the", "disk", "is", "back");
    say.execute();
    engine.sessions.add(AMBER);
    SessionEndCommand end = new SessionEndCommand();
    end.engine = engine;
    end.shell = shell.session();
    end.id = "amber-7";
    assertThat(run(end)).isEqualTo("amber-7 is hung up\n");
    assertThat(engine.heard)
        .containsExactly("console: the disk is back", "end amber-7 by karaf: ended at the console");
    end.id = "amber-8";
    assertThatThrownBy(() -> run(end)).hasMessageContaining("no session 'amber-8'");
  }

  @Test
  void aRecordingIsPlayedByteForByte() throws Exception {
    engine.recorded = new byte[] {'a', 27, '[', 'm', (byte) 0xff};
    SessionReplayCommand replay = new SessionReplayCommand();
    replay.engine = engine;
    replay.shell = shell.session();
    replay.id = "amber-7";
    replay.speed = 0;
    run(replay);
    assertThat(shell.bytes()).isEqualTo(engine.recorded);
    replay.id = "amber-8";
    assertThatThrownBy(() -> run(replay)).hasMessageContaining("no recording of 'amber-8'");
  }

  @Test
  void idsAreCompleted() {
    engine.sessions.add(AMBER);
    SessionCompleter completer = new SessionCompleter();
    completer.engine = engine;
    assertThat(shell.completed(completer, "am")).containsExactly("amber-7 ");
    RecordingCompleter recordings = new RecordingCompleter();
    recordings.engine = engine;
    assertThat(shell.completed(recordings, "")).containsExactly("amber-7 ");
  }

  @Test
  void healthIsWrappedAtEightyColumns() throws Exception {
    NodeHealthCommand health = at(new NodeHealthCommand());
    health.monitor =
        () ->
            new WorkerHealth(
                Verdict.NOT_READY,
                "the kubelet does not answer",
                List.of(new WorkerHealth.Signal("api", Verdict.NOT_READY, "word ".repeat(40))));
    assertThat(run(health).lines())
        .allMatch(line -> line.length() <= 80)
        .contains("verdict     NOT_READY");
    health.output = "json";
    assertThat(run(health)).contains("\"verdict\":\"NOT_READY\"", "\"source\":\"api\"");
  }

  private static final class FakeRescue implements Rescue {

    @Override
    public RescuePhase phase() {
      return RescuePhase.SERVING;
    }

    @Override
    public String sentence() {
      return "the backup node is up";
    }

    @Override
    public List<Step> history() {
      return List.of(new Step(Instant.EPOCH, RescuePhase.AWAITING_APPROVAL, "word ".repeat(20)));
    }

    @Override
    public void stop(String why) {}
  }

  @Test
  void theRescueIsTold() throws Exception {
    RescueStatusCommand status = at(new RescueStatusCommand());
    status.rescue = new FakeRescue();
    assertThat(run(status))
        .isEqualTo("phase   SERVING (serving as the backup node)\nnow     the backup node is up\n");
    RescueHistoryCommand history = at(new RescueHistoryCommand());
    history.rescue = new FakeRescue();
    assertThat(run(history).lines())
        .allMatch(line -> line.length() <= 80)
        .first()
        .asString()
        .startsWith("1970-01-01T00:00:00Z AWAITING_APPROVAL  word");
    history.output = "json";
    assertThat(run(history)).contains("\"phase\":\"AWAITING_APPROVAL\"");
  }

  private static final class FakeCredentials implements RescueCredentials {

    private boolean asked;

    @Override
    public Optional<String> unarmed() {
      return Optional.of("no authority is pinned");
    }

    @Override
    public void arm() {
      asked = true;
    }

    @Override
    public Optional<NodeCredential> kept() {
      return Optional.empty();
    }

    @Override
    public PendingCertificate request() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<NodeCredential> issued(PendingCertificate request) {
      return Optional.empty();
    }

    @Override
    public void forget() {}
  }

  @Test
  void armingIsAskedForAndWhatIsMissingIsSaid() throws Exception {
    FakeCredentials credentials = new FakeCredentials();
    RescueArmCommand arm = at(new RescueArmCommand());
    arm.credentials = credentials;
    assertThat(run(arm)).contains("not yet: no authority is pinned");
    assertThat(credentials.asked).isTrue();
    CertShowCommand show = at(new CertShowCommand());
    show.credentials = credentials;
    assertThat(run(show)).contains("armed       no: no authority", "certificate none");
  }

  @Test
  void everyCommandSaysWhatItIsForWithAnExample() throws Exception {
    try (Stream<Path> classes = Files.list(Path.of("target/classes/io/lifeline/console"))) {
      List<Class<?>> commands =
          classes
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith("Command.class"))
              .<Class<?>>map(name -> loaded(name.replace(".class", "")))
              .toList();
      assertThat(commands).hasSizeGreaterThanOrEqualTo(13);
      for (Class<?> command : commands) {
        Command described = command.getAnnotation(Command.class);
        String name = described.scope() + ":" + described.name();
        assertThat(described.description()).as(name).contains("Example: " + name);
      }
    }
  }

  private static Class<?> loaded(String name) {
    try {
      return Class.forName("io.lifeline.console." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** An agent with one bundle to replace. */
  @Test
  void anUpgradeShowsItsPlanAndARollbackLeadsBack() throws Exception {
    FakeUpgrade fake = new FakeUpgrade();
    UpgradeCommand upgrade = at(new UpgradeCommand());
    upgrade.upgrade = fake;
    upgrade.release = "/opt/release";
    upgrade.pin = "bad";
    assertThatThrownBy(() -> run(upgrade)).hasMessageContaining("not the pinned");
    upgrade.pin = "good";
    upgrade.planOnly = true;
    assertThat(run(upgrade))
        .contains("from      0.1.0", "to        0.2.0", "replaces  io.lifeline.debugpod")
        .contains("1 session goes on")
        .doesNotContain("runs");
    assertThat(fake.running()).isEqualTo("0.1.0");
    upgrade.planOnly = false;
    assertThat(run(upgrade)).contains("runs      0.2.0");

    VersionsCommand versions = at(new VersionsCommand());
    versions.upgrade = fake;
    assertThat(run(versions)).contains("runs    0.2.0", "before  0.1.0");
    versions.output = "json";
    assertThat(run(versions)).isEqualTo("[\"0.2.0\",\"0.1.0\"]\n");

    RollbackCommand rollback = at(new RollbackCommand());
    rollback.upgrade = fake;
    assertThat(run(rollback)).isEqualTo("runs      0.1.0\n");
  }

  @Test
  void nodeDebugsAreATableAndTheOneThatWaitsIsApproved() throws Exception {
    FakeDesk desk = new FakeDesk();
    NodedebugListCommand list = at(new NodedebugListCommand());
    list.desk = desk;
    assertThat(run(list).lines())
        .containsExactly(
            "NAME  WORKER  PHASE             SESSIONS  REQUEST",
            "w2    w2      AwaitingApproval  -         csr-1 waits",
            "w3    w3      -                 -         -");
    list.output = "json";
    assertThat(run(list)).contains("\"name\":\"w2\"", "\"request\":\"csr-1\"", "\"waits\":true");

    NodedebugApproveCommand approve = new NodedebugApproveCommand();
    approve.desk = desk;
    approve.shell = shell.session();
    approve.name = "w2";
    assertThat(run(approve)).isEqualTo("csr-1 is approved\n");
    assertThat(desk.approved).containsExactly("w2 by karaf");
    NodeDebugCompleter completer = new NodeDebugCompleter();
    completer.desk = desk;
    assertThat(shell.completed(completer, "w")).containsExactly("w2 ");
  }

  @Test
  void aCommandWhoseServiceIsMissingSaysSo() {
    assertThatThrownBy(() -> at(new NodedebugListCommand()).execute())
        .hasMessageContaining("no NodeDebugDesk is here");
    assertThat(shell.completed(new NodeDebugCompleter(), "")).isEmpty();
  }

  /** Karaf takes all commands of a bundle away while a service is missing that one must have. */
  @Test
  void noCommandTakesTheOthersAlong() {
    for (Class<?> type : commandsAndCompleters()) {
      for (java.lang.reflect.Field field : type.getDeclaredFields()) {
        Reference reference = field.getAnnotation(Reference.class);
        assertThat(
                reference == null
                    || reference.optional()
                    || field.getType() == org.apache.karaf.shell.api.console.Session.class)
            .as(field.toString())
            .isTrue();
      }
    }
  }

  private static List<Class<?>> commandsAndCompleters() {
    return List.of(
        CertShowCommand.class,
        Entering.class,
        NodeDebugCompleter.class,
        NodeHealthCommand.class,
        NodedebugApproveCommand.class,
        NodedebugListCommand.class,
        RecordingCompleter.class,
        RollbackCommand.class,
        RescueArmCommand.class,
        RescueHistoryCommand.class,
        RescueStatusCommand.class,
        RescueStopCommand.class,
        SessionCompleter.class,
        SessionEndCommand.class,
        SessionInfoCommand.class,
        SessionListCommand.class,
        SessionReplayCommand.class,
        SessionSayCommand.class,
        Shown.class,
        UpgradeCommand.class,
        VersionsCommand.class);
  }
}
