package io.lifeline.runtime.oci.tool;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a runtime wrote to its log: lines of JSON, each with a level and a message. */
final class ToolLog {

  private static final Pattern MESSAGE =
      Pattern.compile("\"msg\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"");

  private ToolLog() {}

  /** The last message that is no mere warning; blank when there is none. */
  static String lastError(String log) {
    String last = "";
    for (String line : log.split("\n", -1)) {
      Matcher matcher = MESSAGE.matcher(line);
      if (matcher.find() && line.matches(".*\"level\"\\s*:\\s*\"(error|fatal|panic)\".*")) {
        last = unescaped(matcher.group(1));
      }
    }
    return last;
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(++i);
      switch (escaped) {
        case 'n' -> plain.append('\n');
        case 't' -> plain.append('\t');
        case 'r', 'b', 'f' -> plain.append(' ');
        case 'u' -> {
          plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> plain.append(escaped);
      }
    }
    return plain.toString();
  }
}
