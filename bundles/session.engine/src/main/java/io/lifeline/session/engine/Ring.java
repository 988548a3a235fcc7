package io.lifeline.session.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The last that a terminal was told, at most 64 KiB. It grows with what is said: a session that
 * says little takes little. Not for several threads.
 */
final class Ring {

  static final int MOST = 64 * 1024;
  private static final int FIRST = 2 * 1024;

  private byte[] bytes = new byte[FIRST];
  private long written;

  /** How many bytes there have been in all. */
  long written() {
    return written;
  }

  /** Takes a copy of what remains, and consumes it. */
  void append(ByteBuffer more) {
    int skipped = Math.max(0, more.remaining() - MOST);
    more.position(more.position() + skipped);
    written += skipped;
    grow(more.remaining());
    while (more.hasRemaining()) {
      int at = (int) (written % bytes.length);
      int count = Math.min(more.remaining(), bytes.length - at);
      more.get(bytes, at, count);
      written += count;
    }
  }

  private void grow(int more) {
    long wanted = Math.min(MOST, Math.min(written, bytes.length) + more);
    if (wanted <= bytes.length) {
      return;
    }
    int size = bytes.length;
    while (size < wanted) {
      size *= 2;
    }
    byte[] larger = new byte[size];
    for (long i = oldest(); i < written; i++) {
      larger[(int) (i % size)] = bytes[(int) (i % bytes.length)];
    }
    bytes = larger;
  }

  private long oldest() {
    return Math.max(0, written - bytes.length);
  }

  /**
   * What somebody sees who comes now: the last screenful before a moment, and everything after it.
   *
   * @param moment a count of {@link #written}: what came later has been seen by nobody
   * @param rows of the terminal
   * @param notBefore a count before which nothing is shown again
   */
  byte[] since(long moment, int rows, long notBefore) {
    long from = Math.max(notBefore, oldest());
    boolean cut = from > notBefore;
    long start = Math.max(from, Math.min(moment, written));
    int lines = 0;
    while (start > from && lines <= rows) {
      start--;
      if (at(start) == '\n') {
        lines++;
      }
    }
    if (lines > rows) {
      start++;
    } else if (cut) {
      // In the middle of a line, or of a character: from the next whole line on.
      while (start < written && at(start) != '\n') {
        start++;
      }
      start = Math.min(written, start + 1);
    }
    long lost = Math.max(0, start - moment);
    byte[] mark =
        lost > 0
            ? "*** %d bytes are not kept ***\r\n".formatted(lost).getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    byte[] result = new byte[mark.length + (int) (written - start)];
    System.arraycopy(mark, 0, result, 0, mark.length);
    for (long i = start; i < written; i++) {
      result[mark.length + (int) (i - start)] = at(i);
    }
    return result;
  }

  private byte at(long index) {
    return bytes[(int) (index % bytes.length)];
  }
}
