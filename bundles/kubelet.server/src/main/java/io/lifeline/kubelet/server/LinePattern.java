package io.lifeline.kubelet.server;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A caller's pattern. What it may cost is bounded: some expressions take a time that doubles with
 * each character of a line.
 */
final class LinePattern {

  /** Looks at a line's characters: a line has a few hundred of them, and 64 Ki at the most. */
  private static final int MOST_LOOKS = 2_000_000;

  /**
   * How often something may be counted out, one number times the other where there are several: an
   * empty group is repeated without a look at the line, {@code (?:){2000000000}} for hours.
   */
  private static final long MOST_REPEATED = 1000;

  private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

  private final Pattern pattern;

  private LinePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** As journalctl has it: one in small letters matches whatever the case. */
  static Optional<LinePattern> of(Optional<String> wanted) throws RefusedException {
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    String text = wanted.get();
    if (repeated(text) > MOST_REPEATED) {
      throw new RefusedException(
          HttpResponseStatus.NOT_ACCEPTABLE,
          "pattern: Invalid value: it must not repeat anything more than %d times"
              .formatted(MOST_REPEATED));
    }
    boolean small = text.chars().noneMatch(Character::isUpperCase);
    try {
      return Optional.of(
          new LinePattern(Pattern.compile(text, small ? Pattern.CASE_INSENSITIVE : 0)));
    } catch (PatternSyntaxException e) {
      throw new RefusedException(
          HttpResponseStatus.NOT_ACCEPTABLE, "pattern: Invalid value: " + e.getDescription());
    }
  }

  /** All counts multiplied, as if each stood in the next; no more than is just too many. */
  private static long repeated(String text) {
    long times = 1;
    for (Matcher count = COUNT.matcher(text); count.find(); ) {
      String last = count.group(2);
      String most = last == null || last.isEmpty() ? count.group(1) : last;
      long number = most.length() < 10 ? Long.parseLong(most) : Integer.MAX_VALUE;
      times = Math.min(MOST_REPEATED + 1, times * Math.max(1, number));
    }
    return times;
  }

  /**
   * Whether a line has it.
   *
   * @throws IOException when it takes too long to find out
   */
  boolean isIn(String line) throws IOException {
    try {
      return pattern.matcher(new Watched(line, new int[] {MOST_LOOKS})).find();
    } catch (TooLong | StackOverflowError e) {
      throw new IOException("the pattern takes too long on a line of this file");
    }
  }

  private static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super(null, null, false, false);
    }
  }

  private record Watched(CharSequence line, int[] looks) implements CharSequence {

    @Override
    public char charAt(int index) {
      if (--looks[0] < 0) {
        throw new TooLong();
      }
      return line.charAt(index);
    }

    @Override
    public int length() {
      return line.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Watched(line.subSequence(start, end), looks);
    }

    @Override
    public String toString() {
      return line.toString();
    }
  }
}
