package io.lifeline.console;

import io.lifeline.session.api.SessionInfo;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A session for people and for programs. */
final class SessionText {

  private SessionText() {}

  static Map<String, Object> json(SessionInfo session) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", session.id());
    fields.put("door", lower(session.door()));
    fields.put("who", session.who());
    fields.put("command", session.command());
    fields.put("tty", session.tty());
    fields.put("state", lower(session.state()));
    fields.put("ageSeconds", session.age().toSeconds());
    fields.put("idleSeconds", session.idle().toSeconds());
    fields.put("size", size(session));
    fields.put("bytesIn", session.traffic().in());
    fields.put("bytesOut", session.traffic().out());
    fields.put("joined", session.others().joined());
    fields.put("watching", session.others().watching());
    return fields;
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static String size(SessionInfo session) {
    return session.size().map(size -> size.columns() + "x" + size.rows()).orElse("-");
  }
}
