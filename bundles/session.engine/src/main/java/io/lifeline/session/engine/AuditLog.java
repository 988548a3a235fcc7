package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRequest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who opened what, when it ended and how: one line of JSON each, on the logger {@code
 * lifeline.audit}. Never what was typed, nor what was answered.
 */
final class AuditLog {

  private final Logger log = LoggerFactory.getLogger("lifeline.audit");

  void opened(SessionInfo session, SessionRequest request) {
    log.info(line("open", session, request, Map.of()));
  }

  void refused(SessionRequest request, String reason) {
    SessionInfo none =
        new SessionInfo(
            "",
            request.door(),
            request.who().name(),
            request.process().command(),
            request.process().tty(),
            java.time.Duration.ZERO);
    log.info(line("refuse", none, request, Map.of("reason", reason)));
  }

  /**
   * @param bytesIn what the client sent
   */
  void ended(
      SessionInfo session,
      SessionRequest request,
      ExitStatus status,
      long bytesIn,
      Outcome outcome) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("bytesIn", bytesIn);
    more.put("bytesOut", outcome.bytesOut());
    more.put("millis", session.age().toMillis());
    more.put("exit", status.shellCode());
    more.put("reason", reason(status, outcome));
    log.info(line("end", session, request, more));
  }

  /**
   * How a session went.
   *
   * @param bytesOut what the client was sent
   * @param hungUp whether the client had gone, or the session was ended, before the process was
   */
  record Outcome(long bytesOut, boolean hungUp) {}

  private static String reason(ExitStatus status, Outcome outcome) {
    String before = outcome.hungUp() ? "hung up; " : "";
    if (status instanceof ExitStatus.Exited exited) {
      return before + "exited with " + exited.code();
    }
    if (status instanceof ExitStatus.Signalled signalled) {
      return before + "ended by signal " + signalled.signal();
    }
    return before + ((ExitStatus.Failed) status).message();
  }

  private static String line(
      String event, SessionInfo session, SessionRequest request, Map<String, Object> more) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", event);
    fields.put("session", session.id());
    fields.put("door", session.door().name().toLowerCase(Locale.ROOT));
    fields.put("who", session.who());
    fields.put("proof", request.who().proof().name().toLowerCase(Locale.ROOT));
    fields.put("container", request.containerId());
    fields.put("verb", request.verb().name().toLowerCase(Locale.ROOT));
    fields.put("command", Redaction.of(session.command()));
    fields.put("tty", session.tty());
    fields.putAll(more);
    StringBuilder text = new StringBuilder();
    write(text, fields);
    return text.toString();
  }

  private static void write(StringBuilder text, Object value) {
    if (value instanceof Map<?, ?> map) {
      text.append('{');
      for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
          entries.hasNext(); ) {
        Map.Entry<?, ?> entry = entries.next();
        quote(text, entry.getKey().toString());
        text.append(':');
        write(text, entry.getValue());
        text.append(entries.hasNext() ? "," : "");
      }
      text.append('}');
    } else if (value instanceof List<?> list) {
      text.append('[');
      for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
        quote(text, items.next().toString());
        text.append(items.hasNext() ? "," : "");
      }
      text.append(']');
    } else if (value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else {
      quote(text, value.toString());
    }
  }

  /** Control characters are escaped: nobody forges a line of the log with a newline. */
  private static void quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028') {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
