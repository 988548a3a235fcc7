package io.lifeline.session.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Lines of JSON in a buffer, and out of it into a file. Not for several threads. */
final class CastLines {

  /** Where full buffers go. */
  interface File {
    void write(ByteBuffer bytes) throws IOException;
  }

  static final int SIZE = 16 * 1024;
  private static final long MICRO = 1000;

  // Direct: what is in it is written without another copy.
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
  private final File file;

  CastLines(File file) {
    this.file = file;
  }

  /** The buffer, with room for so many bytes. */
  ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  void flush() throws IOException {
    if (buffer.position() > 0) {
      buffer.flip();
      try {
        file.write(buffer);
      } finally {
        buffer.clear();
      }
    }
  }

  /** Begins an event: {@code [1.234567,"o","}. The buffer must have room. */
  void begin(long nanos, char code) {
    long micros = Math.max(0, nanos / MICRO);
    buffer.put((byte) '[');
    number(micros / 1_000_000);
    buffer.put((byte) '.');
    long divisor = 100_000;
    for (long rest = micros % 1_000_000; divisor > 0; divisor /= 10) {
      buffer.put((byte) ('0' + rest / divisor % 10));
    }
    buffer.put((byte) ',').put((byte) '"').put((byte) code).put((byte) '"');
    buffer.put((byte) ',').put((byte) '"');
  }

  void end() {
    buffer.put((byte) '"').put((byte) ']').put((byte) '\n');
  }

  private void number(long value) {
    long divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      buffer.put((byte) ('0' + value / divisor % 10));
    }
  }

  /** A whole event of plain text. */
  void event(long nanos, String code, String plain) throws IOException {
    room(64 + plain.length());
    begin(nanos, code.charAt(0));
    buffer.put(plain.getBytes(StandardCharsets.US_ASCII));
    end();
  }
}
