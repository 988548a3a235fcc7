package io.lifeline.session.engine;

import io.lifeline.session.api.TerminalSize;
import java.nio.charset.StandardCharsets;

/** The engine's own words, in the form that they spoil the least. */
final class Notice {

  private Notice() {}

  static byte[] of(String line, boolean terminal, boolean fullScreen, TerminalSize size) {
    String text = "*** " + printable(line) + " ***";
    if (!terminal) {
      return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
    if (!fullScreen) {
      return ("\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
    // In the last row, and the cursor, its colours and its margins are as they were (DECSC, DECRC).
    // The last column stays free, or the next character would wrap and scroll.
    String cut = text.substring(0, Math.min(text.length(), size.columns() - 1));
    return "\u001b7\u001b[?6l\u001b[%d;1H\u001b[0;7m%s\u001b[0m\u001b[K\u001b8"
        .formatted(size.rows(), cut)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What somebody says to the others is text: no keys of theirs are pressed by it. */
  static String printable(String line) {
    StringBuilder text = new StringBuilder(line.length());
    line.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return text.toString();
  }
}
