package io.lifeline.kubelet.server;

import java.util.Arrays;
import java.util.List;

/**
 * What of a file a {@code Range} header asks for (RFC 9110, 14.2), as {@code http.ServeContent} of
 * Go reads it; of several ranges nothing is made, their answer is the whole file.
 */
sealed interface ByteRange {

  String UNIT = "bytes";

  /** All of it. */
  record Whole() implements ByteRange {}

  /** From here to there, both included. */
  record Part(long first, long last) implements ByteRange {}

  /** No such bytes are there, or the header is none. */
  record Beyond() implements ByteRange {}

  /**
   * @param header empty when there is none
   * @param size of the file
   */
  static ByteRange of(String header, long size) {
    if (header.isEmpty()) {
      return new Whole();
    }
    if (!header.startsWith(UNIT + "=")) {
      return new Beyond();
    }
    List<String> ranges =
        Arrays.stream(header.substring(UNIT.length() + 1).split(",", -1))
            .map(String::strip)
            .filter(range -> !range.isEmpty())
            .toList();
    // Some clients ask for a range of everything; of an empty file there is none.
    return ranges.size() != 1 || size == 0 ? new Whole() : part(ranges.get(0), size);
  }

  private static ByteRange part(String range, long size) {
    int dash = range.indexOf('-');
    if (dash < 0) {
      return new Beyond();
    }
    String from = range.substring(0, dash).strip();
    String to = range.substring(dash + 1).strip();
    try {
      if (from.isEmpty()) {
        return within(Math.max(0, size - number(to)), size - 1, size);
      }
      long first = number(from);
      long last = to.isEmpty() ? size - 1 : Math.min(number(to), size - 1);
      return within(first, last, size);
    } catch (NumberFormatException e) {
      return new Beyond();
    }
  }

  private static ByteRange within(long first, long last, long size) {
    return first < size && first <= last ? new Part(first, last) : new Beyond();
  }

  private static long number(String digits) {
    // Java would take a sign.
    if (digits.isEmpty() || digits.chars().anyMatch(digit -> digit < '0' || digit > '9')) {
      throw new NumberFormatException(digits);
    }
    return Long.parseLong(digits);
  }
}
