package io.lifeline.kubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes a file, or the lines of it that are wanted, as it was when the writing began: one that
 * grows meanwhile does not keep the answer going. Memory: two blocks and one line.
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

  /** All of it. */
  void write() throws IOException, InterruptedException {
    writeFrom(0);
  }

  /**
   * The lines that match, of the last ones.
   *
   * @param tail how many lines at the end are looked at
   * @param pattern what a line must contain
   */
  void write(OptionalInt tail, Optional<LinePattern> pattern)
      throws IOException, InterruptedException {
    long from = tail.isPresent() ? lastLines(tail.getAsInt()) : 0;
    if (pattern.isEmpty()) {
      writeFrom(from);
    } else {
      writeMatching(from, pattern.get());
    }
  }

  private void writeFrom(long from) throws IOException, InterruptedException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long at = from; at < size; ) {
      int count = read(block, at);
      if (count <= 0) {
        return;
      }
      out.write(block);
      at += count;
    }
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

  private void writeMatching(long from, LinePattern pattern)
      throws IOException, InterruptedException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (long at = from; at < size; ) {
      int count = read(block, at);
      if (count <= 0) {
        break;
      }
      at += count;
      while (block.hasRemaining()) {
        byte next = block.get();
        if (next == '\n') {
          writeIfMatching(line, pattern);
        } else if (line.size() < LONGEST_LINE) {
          line.write(next);
        }
      }
    }
    if (line.size() > 0) {
      writeIfMatching(line, pattern);
    }
  }

  private void writeIfMatching(ByteArrayOutputStream line, LinePattern pattern)
      throws IOException, InterruptedException {
    if (pattern.isIn(line.toString(StandardCharsets.UTF_8))) {
      line.write('\n');
      out.write(ByteBuffer.wrap(line.toByteArray()));
    }
    line.reset();
  }
}
