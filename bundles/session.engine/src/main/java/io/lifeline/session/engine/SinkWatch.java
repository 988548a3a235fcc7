package io.lifeline.session.engine;

import io.lifeline.session.api.SessionEngine.Recording;
import io.lifeline.session.api.SessionListener;
import io.lifeline.session.engine.EngineSettings.WhenFull;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says loudly when what is recorded is not copied any more, and when it is again. Looked at once a
 * second, while there is something to copy.
 */
final class SinkWatch {

  private static final Logger LOG = LoggerFactory.getLogger(SinkWatch.class);

  private final RecordingSink sink;
  private final WhenFull whenFull;
  private final AuditLog audit;
  private final SessionListener listener;
  private boolean told;

  SinkWatch(RecordingSink sink, WhenFull whenFull, AuditLog audit, SessionListener listener) {
    this.sink = sink;
    this.whenFull = whenFull;
    this.audit = audit;
    this.listener = listener;
  }

  /** Why no session may be opened now; empty when one may. */
  Optional<String> refusal() {
    return whenFull == WhenFull.CLOSED
        ? sink.trouble()
            .map(
                why ->
                    "sessions must be recorded, and %s (record.sink) takes no copy: %s"
                        .formatted(sink.folder(), why))
        : Optional.empty();
  }

  /** For somebody who comes now. */
  void opened(LiveSession session) {
    sink.trouble().ifPresent(why -> session.output().leaveNotice(notCopied(why)));
  }

  private String notCopied(String why) {
    return "THIS SESSION IS NOT COPIED TO %s: %s".formatted(sink.folder(), why);
  }

  /** Says whether there is something to look at again. */
  synchronized boolean look(List<LiveSession> sessions) {
    Optional<String> trouble = sink.trouble();
    if (trouble.isPresent() && !told) {
      told = true;
      audit.sink(sink.folder(), "not copied: " + trouble.get());
      broken(trouble.get(), sessions);
    } else if (trouble.isEmpty() && told) {
      told = false;
      audit.sink(sink.folder(), "copied again");
      LOG.info("recordings are copied to {} again", sink.folder());
      Told.all("sessions are copied to %s again".formatted(sink.folder()), sessions);
    }
    return !sink.isIdle();
  }

  private void broken(String why, List<LiveSession> sessions) {
    switch (whenFull) {
      case OPEN -> {
        listener.warning(
            "RecordingsNotCopied",
            "what is recorded is not copied to %s (record.sink): %s. Sessions go on, and the ring keeps what it has room for"
                .formatted(sink.folder(), why));
        Told.all(notCopied(why), sessions);
      }
      case CLOSED -> {
        listener.warning(
            "SessionEndedUnrecorded",
            "%d sessions were ended, because what is recorded is not copied to %s (record.sink): %s"
                .formatted(sessions.size(), sink.folder(), why));
        String ends = "this session ends, because it cannot be copied to %s: %s";
        Told.all(ends.formatted(sink.folder(), why), sessions);
        sessions.forEach(session -> session.close("it cannot be copied: " + why));
      }
    }
  }

  /** A recording had to make room for others. */
  void removed(Recording recording) {
    if (!sink.removed(recording)) {
      listener.warning(
          "RecordingLost",
          "the recording %s had to make room before all of it was copied to %s"
              .formatted(recording.id(), sink.folder()));
    }
  }
}
