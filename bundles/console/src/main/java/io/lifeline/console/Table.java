package io.lifeline.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Rows below a heading, of 80 columns: each column as wide as it must be, the last is cut. */
final class Table {

  private static final int WIDTH = 80;
  private static final int GAP = 2;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heading) {
    rows.add(List.of(heading));
  }

  Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  void print(PrintStream out) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = row.get(i).replaceAll("\\p{Cntrl}", " ");
        line.append(cell);
        if (i < widths.length - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length() + GAP));
        }
      }
      out.println(line.substring(0, Math.min(line.length(), WIDTH)).stripTrailing());
    }
  }

  /** Lines of a name and what it is; what is long goes on below, at the same column. */
  static void facts(PrintStream out, int nameWidth, String... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      for (String line : wrapped(namesAndValues[i + 1], WIDTH - nameWidth)) {
        out.println((name + " ".repeat(nameWidth - name.length()) + line).stripTrailing());
        name = "";
      }
    }
  }

  static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.replaceAll("\\p{Cntrl}", " ").split(" ", -1)) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
      while (line.length() > width) {
        lines.add(line.substring(0, width));
        line.delete(0, width);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  static String words(Duration time) {
    if (time.toHours() > 0) {
      return "%dh%dm".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? "%dm%ds".formatted(time.toMinutes(), time.toSecondsPart())
        : time.toSeconds() + "s";
  }
}
