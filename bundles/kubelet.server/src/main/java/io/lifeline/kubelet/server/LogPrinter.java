package io.lifeline.kubelet.server;

import io.lifeline.session.api.LogLine;
import io.lifeline.session.api.LogReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Prints a log as it is wanted. One thread, once. */
final class LogPrinter {

  /** RFC 3339 with nine digits, as the kubelet prints it. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnXXX").withZone(ZoneOffset.UTC);

  private final LogOptions options;
  private final LogReader reader;
  private final BodyWriter out;
  private long left;

  LogPrinter(LogOptions options, LogReader reader, BodyWriter out) {
    this.options = options;
    this.reader = reader;
    this.out = out;
    this.left = options.most().orElse(Long.MAX_VALUE);
  }

  /**
   * Prints it.
   *
   * @param lines how many there are now, where only the last are wanted
   */
  void print(long lines) throws IOException, InterruptedException {
    long skipped = options.tail().isPresent() ? lines - options.tail().getAsLong() : 0;
    long seen = 0;
    do {
      for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
        seen += line.get().begins() ? 1 : 0;
        if (seen > skipped) {
          print(line.get());
        }
        if (left == 0) {
          return;
        }
      }
      if (!options.follow()) {
        for (LogLine line : reader.unfinished()) {
          seen += line.begins() ? 1 : 0;
          if (seen > skipped) {
            print(line);
          }
        }
        return;
      }
      out.flush();
    } while (reader.await());
  }

  private void print(LogLine line) throws IOException, InterruptedException {
    boolean old = options.since().isPresent() && line.at().isBefore(options.since().get());
    if (old || !options.wants(line.stderr())) {
      return;
    }
    if (options.timestamps() && line.begins()) {
      write((TIME.format(line.at()) + " ").getBytes(StandardCharsets.US_ASCII));
    }
    write(line.bytes());
  }

  private void write(byte[] bytes) throws IOException, InterruptedException {
    int count = (int) Math.min(left, bytes.length);
    out.write(ByteBuffer.wrap(bytes, 0, count));
    left -= count;
  }
}
