package io.lifeline.kubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes a file, or the lines of it that are wanted, as it was when the writing began: one that
 * grows meanwhile does not keep the answer going. Memory: a block and a line, or a megabyte where
 * the last lines that match are wanted.
 */
final class FileLines {

  private static final int BLOCK = 16 * 1024;

  /** What of a line is looked at for a pattern, and shown when it matches. */
  private static final int LONGEST_LINE = 64 * 1024;

  private final SeekableByteChannel file;
  private final BodyWriter out;
  private final long size;

  FileLines(SeekableByteChannel file, BodyWriter out) throws IOException {
    this.file = file;
    this.out = out;
    this.size = file.size();
  }

  /** Of the file when this was made. */
  long size() {
    return size;
  }

  /**
   * A part of it.
   *
   * @throws EOFException when it has become shorter meanwhile
   */
  void write(ByteRange.Part part) throws IOException, InterruptedException {
    if (copy(part.first(), part.last() + 1) <= part.last()) {
      throw new EOFException("the file has become shorter meanwhile");
    }
  }

  /** All of it. */
  void write() throws IOException, InterruptedException {
    writeFrom(0);
  }

  /**
   * The lines that match, or the last ones of them.
   *
   * @param tail how many of them at the most
   * @param pattern what a line must contain
   */
  void write(OptionalInt tail, Optional<LinePattern> pattern)
      throws IOException, InterruptedException {
    if (pattern.isEmpty()) {
      writeFrom(tail.isPresent() ? lastLines(tail.getAsInt()) : 0);
    } else if (tail.isEmpty()) {
      eachMatching(pattern.get(), line -> out.write(ByteBuffer.wrap(line)));
    } else {
      LastLines last = new LastLines(tail.getAsInt());
      eachMatching(pattern.get(), last::add);
      for (byte[] line : last.lines()) {
        out.write(ByteBuffer.wrap(line));
      }
    }
  }

  private void writeFrom(long from) throws IOException, InterruptedException {
    copy(from, size);
  }

  /** Returns where it ended: before that, when the file has become shorter. */
  private long copy(long from, long to) throws IOException, InterruptedException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long at = from;
    while (at < to) {
      int count = read(block, at);
      if (count <= 0) {
        break;
      }
      at += count;
      if (at > to) {
        block.limit(block.limit() - (int) (at - to));
        at = to;
      }
      out.write(block);
    }
    return at;
  }

  private int read(ByteBuffer block, long at) throws IOException {
    block.clear().limit((int) Math.min(block.capacity(), size - at));
    file.position(at);
    int count = file.read(block);
    block.flip();
    return count;
  }

  /** Where the last lines begin; one that has not ended counts. */
  private long lastLines(int lines) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    long newlines = lines;
    // A newline at the very end ends the last line, it begins none.
    long end = Math.max(0, size - 1);
    if (lines == 0) {
      return size;
    }
    while (end > 0) {
      long from = Math.max(0, end - BLOCK);
      int count = read(block, from);
      for (int i = (int) Math.min(count, end - from) - 1; i >= 0; i--) {
        if (block.get(i) == '\n' && --newlines == 0) {
          return from + i + 1;
        }
      }
      end = from;
    }
    return 0;
  }

  /** Takes a line with its newline. */
  private interface LineTaker {
    void take(byte[] line) throws IOException, InterruptedException;
  }

  private void eachMatching(LinePattern pattern, LineTaker taker)
      throws IOException, InterruptedException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (long at = 0; at < size; ) {
      int count = read(block, at);
      if (count <= 0) {
        break;
      }
      at += count;
      while (block.hasRemaining()) {
        byte next = block.get();
        if (next == '\n') {
          takeIfMatching(line, pattern, taker);
        } else if (line.size() < LONGEST_LINE) {
          line.write(next);
        }
      }
    }
    if (line.size() > 0) {
      takeIfMatching(line, pattern, taker);
    }
  }

  private static void takeIfMatching(
      ByteArrayOutputStream line, LinePattern pattern, LineTaker taker)
      throws IOException, InterruptedException {
    if (pattern.isIn(line.toString(StandardCharsets.UTF_8))) {
      line.write('\n');
      taker.take(line.toByteArray());
    }
    line.reset();
  }

  /** The last lines, as many as are wanted, of a megabyte together at the most. */
  private static final class LastLines {

    private static final int MOST_BYTES = 1 << 20;

    private final int most;
    private final Deque<byte[]> lines = new ArrayDeque<>();
    private int bytes;

    LastLines(int most) {
      this.most = most;
    }

    void add(byte[] line) {
      lines.add(line);
      bytes += line.length;
      while (lines.size() > most || bytes > MOST_BYTES) {
        bytes -= lines.remove().length;
      }
    }

    Iterable<byte[]> lines() {
      return lines;
    }
  }
}
