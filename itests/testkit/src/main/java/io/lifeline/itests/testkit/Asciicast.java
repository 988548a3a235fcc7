package io.lifeline.itests.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A recorded session: asciicast v2, read here without the program's own code.
 *
 * @param lines the first is the header, each other an event
 */
public record Asciicast(List<String> lines) {

  private static final Pattern EVENT = Pattern.compile("\\[([0-9.]+),\"(\\w)\",\"(.*)\"]");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u([0-9a-f]{4})|.)");

  public Asciicast {
    lines = List.copyOf(lines);
  }

  public static Asciicast of(String text) {
    return new Asciicast(text.lines().toList());
  }

  public String header() {
    return lines.get(0);
  }

  /**
   * What a terminal was told at once.
   *
   * @param at since the beginning
   */
  public record Piece(Duration at, String text) {}

  /** Everything that a terminal was told, as a player shows it. */
  public String output() {
    return pieces().stream().map(Piece::text).collect(Collectors.joining());
  }

  /** The same, with its times. */
  public List<Piece> pieces() {
    List<Piece> all = new ArrayList<>();
    double last = 0;
    for (String line : lines.subList(1, lines.size())) {
      Matcher event = EVENT.matcher(line);
      if (!event.matches()) {
        throw new AssertionError("no event of asciicast v2: " + line);
      }
      double at = Double.parseDouble(event.group(1));
      if (at < last) {
        throw new AssertionError("an event before the one before it: " + line);
      }
      last = at;
      if (event.group(2).equals("o")) {
        all.add(new Piece(Duration.ofNanos(Math.round(at * 1e9)), text(event.group(3))));
      }
    }
    return all;
  }

  private static String text(String json) {
    return ESCAPE
        .matcher(json)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    switch (escape.group(1).charAt(0)) {
                      case 'u' -> Character.toString((char) Integer.parseInt(escape.group(2), 16));
                      case 'n' -> "\n";
                      case 'r' -> "\r";
                      default -> escape.group(1);
                    }));
  }
}
