package io.lifeline.session.engine;

import io.lifeline.config.Settings;
import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.SessionListener;
import io.lifeline.session.api.SessionRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An engine with a container that does as the test says. */
final class Sessions {

  static final Identity API_SERVER =
      new Identity("kube-apiserver", Set.of(), Identity.Proof.CLIENT_CERTIFICATE);

  private static final Duration PATIENCE = Duration.ofMillis(300);

  final FakeContainer container;
  final List<String> audit = new CopyOnWriteArrayList<>();
  final LiveSessions engine;
  final Optional<RecordingSink> sink;

  final List<String> warnings = new CopyOnWriteArrayList<>();

  /** Nothing is recorded. */
  Sessions(Map<String, String> settings) {
    this(Path.of("/nonexistent/recordings"), with(settings));
  }

  private static Map<String, String> with(Map<String, String> settings) {
    Map<String, String> more = new HashMap<>(settings);
    more.put("record", "nothing");
    return more;
  }

  Sessions(Path recordings, Map<String, String> settings) {
    this(recordings, settings, new FileCopy());
  }

  /** A life of the agent. */
  Sessions(Path recordings, Map<String, String> settings, String life, FakeContainer container) {
    this(recordings, settings, new FileCopy(), life, container);
  }

  /**
   * @param copy how copies are made, where there is a sink
   */
  Sessions(Path recordings, Map<String, String> settings, RecordingSink.Copy copy) {
    this(recordings, settings, copy, "this", new FakeContainer());
  }

  private Sessions(
      Path recordings,
      Map<String, String> settings,
      RecordingSink.Copy copy,
      String life,
      FakeContainer container) {
    this.container = container;
    EngineSettings read = EngineSettings.of(Settings.of(EngineSettings.PID, settings, Map.of()));
    Recordings ring = new Recordings(recordings, read.recorded());
    AuditFile file = new AuditFile(recordings, read.auditKib());
    sink =
        read.recorded()
            .sink()
            .map(
                folder ->
                    new RecordingSink(
                        folder.resolve("w2"), RecordingSink.source(ring, file), copy, PATIENCE));
    AuditLog log =
        new AuditLog(
            line -> {
              audit.add(line);
              sink.ifPresent(
                  to -> {
                    file.add(line);
                    to.need();
                  });
            },
            sink.isPresent() ? Clock.systemUTC() : Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    SessionListener listener = (reason, sentence) -> warnings.add(reason + ": " + sentence);
    engine =
        new LiveSessions(
            id -> id.equals("debug") ? Optional.of(container) : Optional.empty(),
            read,
            log,
            new Recorder(
                ring,
                read.recorded(),
                listener,
                sink.map(to -> new SinkWatch(to, read.recorded().whenFull(), log, listener))),
            new KeptSessions(recordings.resolveSibling("sessions"), life));
  }

  /** Somebody opens a shell. */
  Person shell() throws Exception {
    Client client = new Client();
    return new Person(
        client,
        engine.open(bash(true), client),
        container.processes.get(container.processes.size() - 1));
  }

  /** A person at a terminal, the session, and the process behind it. */
  record Person(
      Client client, io.lifeline.session.api.Session session, FakeContainer.FakeProcess process) {

    String id() {
      return session.info().id();
    }
  }

  static SessionRequest bash(boolean tty) {
    return command(tty, "bash");
  }

  static SessionRequest command(boolean tty, String... words) {
    return new SessionRequest(
        "debug",
        Door.KUBELET,
        API_SERVER,
        SessionRequest.Verb.EXEC,
        new ProcessSpec(List.of(words), Map.of(), true, tty, Optional.empty()));
  }

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come about: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
