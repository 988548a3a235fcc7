package io.lifeline.session.engine;

import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.TerminalSize;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The live sessions as a table of 80 columns. */
final class SessionTable {

  private static final String ROW = "%-12s%-8s%-7s%-7s%-9s%-10s%s";
  private static final int WIDTH = 79;

  private SessionTable() {}

  /**
   * @param own the id of the one that asks, or blank
   */
  static String of(List<SessionInfo> sessions, String own) {
    StringBuilder text = new StringBuilder();
    row(text, ROW.formatted("SESSION", "DOOR", "SINCE", "IDLE", "SIZE", "STATE", "COMMAND"));
    for (SessionInfo session : sessions) {
      SessionInfo.Others others = session.others();
      String with =
          (others.joined() > 0 ? " +%d joined".formatted(others.joined()) : "")
              + (others.watching() > 0 ? " +%d watching".formatted(others.watching()) : "");
      row(
          text,
          ROW.formatted(
              session.id() + (session.id().equals(own) ? "*" : ""),
              session.door().name().toLowerCase(Locale.ROOT),
              words(session.age()),
              words(session.idle()),
              session.size().map(SessionTable::words).orElse("-"),
              session.state().name().toLowerCase(Locale.ROOT),
              String.join(" ", Redaction.of(session.command())) + with));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String row) {
    String line = Notice.printable(row);
    text.append(line, 0, Math.min(line.length(), WIDTH)).append('\n');
  }

  private static String words(TerminalSize size) {
    return size.columns() + "x" + size.rows();
  }

  private static String words(Duration time) {
    if (time.toHours() > 0) {
      return "%dh%dm".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? "%dm%ds".formatted(time.toMinutes(), time.toSecondsPart())
        : time.toSeconds() + "s";
  }
}
