package io.lifeline.session.engine;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.Json;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who opened, joined or left what, when it ended and how: one line of JSON each, on the logger
 * {@code lifeline.audit} and in a file of their own. Never what was typed, nor what was answered.
 * The time is the machine's, which may be wrong: the order of the lines is not.
 */
final class AuditLog {

  private final Logger log = LoggerFactory.getLogger("lifeline.audit");
  private final Consumer<String> file;
  private final Clock clock;

  AuditLog(Consumer<String> file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  void opened(LiveSession session) {
    write("open", of(session));
  }

  /** Its connection was lost, and its shell lives on. */
  void detached(LiveSession session) {
    write("detach", of(session));
  }

  void joined(LiveSession session, JoinRequest request) {
    write(request.mode() == JoinRequest.Mode.JOIN ? "join" : "watch", by(session, request));
  }

  /**
   * @param how of his own accord, or not
   */
  void left(LiveSession session, JoinRequest request, String how) {
    Map<String, Object> fields = by(session, request);
    fields.put("reason", how);
    write("leave", fields);
  }

  private static Map<String, Object> by(LiveSession session, JoinRequest request) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("session", session.id());
    who(fields, request.door(), request.who());
    return fields;
  }

  void refused(SessionRequest request, String reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("session", "");
    asked(fields, request);
    fields.put("reason", reason);
    write("refuse", fields);
  }

  void refused(JoinRequest request, String reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("session", request.sessionId());
    who(fields, request.door(), request.who());
    fields.put("reason", reason);
    write("refuse", fields);
  }

  /** What is recorded is copied no more, or again. */
  void sink(Path folder, String how) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("folder", folder.toString());
    fields.put("reason", how);
    write("sink", fields);
  }

  void ended(LiveSession session, ExitStatus status) {
    SessionInfo info = session.info();
    Map<String, Object> fields = of(session);
    fields.put("bytesIn", info.traffic().in());
    fields.put("bytesOut", info.traffic().out());
    fields.put("millis", info.age().toMillis());
    fields.put("exit", status.shellCode());
    String before = session.endedBy().isEmpty() ? "" : session.endedBy() + "; ";
    fields.put("reason", before + reason(status));
    write("end", fields);
  }

  private static Map<String, Object> of(LiveSession session) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("session", session.id());
    asked(fields, session.request());
    return fields;
  }

  private static void asked(Map<String, Object> fields, SessionRequest request) {
    who(fields, request.door(), request.who());
    fields.put("container", request.containerId());
    fields.put("verb", request.verb().name().toLowerCase(Locale.ROOT));
    fields.put("command", Redaction.of(request.process().command()));
    fields.put("tty", request.process().tty());
  }

  private static void who(Map<String, Object> fields, Door door, Identity who) {
    fields.put("door", door.name().toLowerCase(Locale.ROOT));
    fields.put("who", who.name());
    fields.put("proof", who.proof().name().toLowerCase(Locale.ROOT));
  }

  private void write(String event, Map<String, Object> more) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    fields.put("event", event);
    fields.putAll(more);
    String line = Json.of(fields);
    log.info("{}", line);
    file.accept(line);
  }

  private static String reason(ExitStatus status) {
    if (status instanceof ExitStatus.Exited exited) {
      return "exited with " + exited.code();
    }
    if (status instanceof ExitStatus.Signalled signalled) {
      return "ended by signal " + signalled.signal();
    }
    return ((ExitStatus.Failed) status).message();
  }
}
