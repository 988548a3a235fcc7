package io.lifeline.session.engine;

import io.lifeline.session.api.Json;
import io.lifeline.session.api.SessionListener;
import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.EngineSettings.Kept;
import io.lifeline.session.engine.EngineSettings.Recorded;
import io.lifeline.session.engine.EngineSettings.WhenFull;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Has every session written down, and says so loudly when one cannot be. Any thread. */
final class Recorder {

  private static final String NO_ROOM =
      "sessions must be recorded, and there is no room: recordings.max in etc/%s.cfg"
          .formatted(EngineSettings.PID);

  private static final TerminalSize NO_TERMINAL = new TerminalSize(80, 24);

  private final Recordings recordings;
  private final Recorded settings;
  private final SessionListener listener;
  private final Optional<SinkWatch> sink;

  Recorder(
      Recordings recordings,
      Recorded settings,
      SessionListener listener,
      Optional<SinkWatch> sink) {
    this.recordings = recordings;
    this.settings = settings;
    this.listener = listener;
    this.sink = sink;
    sink.ifPresent(watch -> recordings.whenRemoved(watch::removed));
  }

  Recordings recordings() {
    return recordings;
  }

  /** Why no session may be opened; empty when one may. */
  Optional<String> refusal() {
    boolean must = settings.kept() != Kept.NOTHING && settings.whenFull() == WhenFull.CLOSED;
    if (must && !recordings.hasRoom()) {
      return Optional.of(NO_ROOM);
    }
    return must ? sink.flatMap(SinkWatch::refusal) : Optional.empty();
  }

  /** Once a second; says whether there is something to look at again. */
  boolean look(List<LiveSession> sessions) {
    return sink.isPresent() && sink.get().look(sessions);
  }

  /** Says why the session may not be opened, when it must be recorded and cannot. */
  Optional<String> begin(LiveSession session) {
    if (settings.kept() == Kept.NOTHING) {
      return Optional.empty();
    }
    Room room = new Room(session);
    try {
      session.record(new Cast(recordings.begin(session.id()), room, shape(session)));
    } catch (IOException e) {
      String why = "%s cannot be written: %s".formatted(recordings.directory(), e);
      if (settings.whenFull() == WhenFull.CLOSED) {
        return Optional.of("sessions must be recorded, and " + why);
      }
      room.full(why);
    }
    sink.ifPresent(watch -> watch.opened(session));
    return Optional.empty();
  }

  private Cast.Shape shape(LiveSession session) {
    return new Cast.Shape(
        header(session),
        settings.kept(),
        session.isTerminal() ? Long.MAX_VALUE : settings.pipeKib().kib() * 1024L,
        session.isTerminal() ? session.request().process().size() : Optional.of(NO_TERMINAL));
  }

  /** Goes on with the recording of an earlier life, and has the session remember what is in it. */
  void resume(LiveSession session) {
    if (settings.kept() == Kept.NOTHING) {
      return;
    }
    Room room = new Room(session);
    try {
      FileChannel file = recordings.again(session.id());
      CastReader.play(recordings.of(session.id()), (at, bytes) -> session.output().remember(bytes));
      session.record(Cast.resumed(file, room, shape(session), session.info().age()));
      sink.ifPresent(watch -> watch.opened(session));
    } catch (IOException e) {
      room.full("%s cannot be written: %s".formatted(recordings.directory(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String header(LiveSession session) {
    String command = Json.of(String.join(" ", Redaction.of(session.request().process().command())));
    String title =
        Json.of(
            "%s, %s door, %s"
                .formatted(
                    session.id(),
                    session.request().door().name().toLowerCase(Locale.ROOT),
                    session.request().who().name()));
    return "\"timestamp\":%d,\"command\":%s,\"title\":%s,\"env\":{\"SHELL\":\"/bin/bash\",\"TERM\":\"xterm\"}}"
        .formatted(System.currentTimeMillis() / 1000, command, title);
  }

  void finished(LiveSession session) {
    session.recorded();
    recordings.finished(session.id());
  }

  private final class Room implements Cast.Room {

    private final LiveSession session;

    Room(LiveSession session) {
      this.session = session;
    }

    @Override
    public boolean take(long bytes) {
      return recordings.take(session.id(), bytes);
    }

    @Override
    public void full(String why) {
      switch (settings.whenFull()) {
        case OPEN -> {
          session.output().leaveNotice("THIS SESSION IS NOT RECORDED ANY MORE: " + why);
          listener.warning(
              "SessionNotRecorded",
              "the session %s goes on without being recorded: %s".formatted(session.id(), why));
        }
        case CLOSED -> {
          session.output().leaveNotice("this session ends, because it cannot be recorded: " + why);
          session.close("it cannot be recorded: " + why);
          listener.warning(
              "SessionEndedUnrecorded",
              "the session %s was ended, because it cannot be recorded: %s"
                  .formatted(session.id(), why));
        }
      }
    }
  }
}
