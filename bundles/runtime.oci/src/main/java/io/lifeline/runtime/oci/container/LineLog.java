package io.lifeline.runtime.oci.container;

import io.lifeline.session.api.LogLine;
import io.lifeline.session.api.LogReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The last lines of the main process, each with the time of its last bytes: what {@code kubectl
 * logs} reads. Like a container runtime it keeps a line when it has ended, and cuts one that is
 * very long. One array that grows to its bound only when lines come; readers hold a number, not the
 * lines. Any thread.
 */
final class LineLog {

  /** A longer line is kept in pieces, as container runtimes do. */
  static final int MOST_LINE = 16 * 1024;

  // Time, flags, length.
  private static final int HEAD = Long.BYTES + 1 + Integer.BYTES;
  private static final int FIRST = 1024;
  private static final int STDERR = 1;
  private static final int BEGINS = 2;

  private final int most;
  private final Clock clock;
  private final Unfinished stdout = new Unfinished(0);
  private final Unfinished stderr = new Unfinished(STDERR);
  private byte[] ring = new byte[FIRST];
  // Places count all bytes that ever came: a place modulo the ring's length is an index.
  private long oldest;
  private long end;
  private boolean ended;

  /**
   * @param most bytes, the lines' heads among them; at least what one piece of a line takes
   */
  LineLog(int most, Clock clock) {
    if (most < HEAD + MOST_LINE) {
      throw new IllegalArgumentException("a log of %d bytes cannot hold a line".formatted(most));
    }
    this.most = most;
    this.clock = clock;
  }

  /** A stream's line that has not ended, and when its last bytes were said. */
  private static final class Unfinished {
    private final int flags;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private Instant said = Instant.EPOCH;
    private boolean goesOn;

    Unfinished(int flags) {
      this.flags = flags;
    }

    int flags() {
      return goesOn ? flags : flags | BEGINS;
    }
  }

  synchronized void append(ByteBuffer more, boolean error) {
    ByteBuffer left = more.duplicate();
    Unfinished line = error ? stderr : stdout;
    line.said = clock.instant();
    while (left.hasRemaining()) {
      byte[] piece = new byte[piece(left, MOST_LINE - line.bytes.size())];
      left.get(piece);
      line.bytes.writeBytes(piece);
      boolean whole = piece[piece.length - 1] == '\n';
      if (whole || line.bytes.size() == MOST_LINE) {
        keep(line);
        line.goesOn = !whole;
      }
    }
    notifyAll();
  }

  /** How many bytes there are to the end of the line, at most so many. */
  private static int piece(ByteBuffer bytes, int most) {
    int longest = Math.min(bytes.remaining(), most);
    int from = bytes.position();
    int count = 0;
    while (count < longest && bytes.get(from + count++) != '\n') {}
    return count;
  }

  /** The process has ended: what it left unfinished is a line. */
  synchronized void end() {
    for (Unfinished line : List.of(stdout, stderr)) {
      if (line.bytes.size() > 0) {
        keep(line);
      }
    }
    ended = true;
    notifyAll();
  }

  private void keep(Unfinished line) {
    byte[] bytes = line.bytes.toByteArray();
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    head.putLong(
            Math.addExact(
                Math.multiplyExact(line.said.getEpochSecond(), 1_000_000_000L),
                line.said.getNano()))
        .put((byte) line.flags())
        .putInt(bytes.length);
    room(HEAD + bytes.length);
    write(head.array());
    write(bytes);
    line.bytes.reset();
  }

  private void room(int more) {
    long held = end - oldest;
    if (held + more > ring.length && ring.length < most) {
      byte[] larger = new byte[(int) Math.min(most, Math.max(held + more, 2L * ring.length))];
      byte[] kept = read(oldest, (int) held);
      for (int i = 0; i < kept.length; i++) {
        larger[(int) ((oldest + i) % larger.length)] = kept[i];
      }
      ring = larger;
    }
    while (end - oldest + more > ring.length) {
      oldest += HEAD + head(oldest).getInt(HEAD - Integer.BYTES);
    }
  }

  private void write(byte[] bytes) {
    int from = (int) (end % ring.length);
    int first = Math.min(bytes.length, ring.length - from);
    System.arraycopy(bytes, 0, ring, from, first);
    System.arraycopy(bytes, first, ring, 0, bytes.length - first);
    end += bytes.length;
  }

  private byte[] read(long place, int count) {
    byte[] copy = new byte[count];
    int from = (int) (place % ring.length);
    int first = Math.min(count, ring.length - from);
    System.arraycopy(ring, from, copy, 0, first);
    System.arraycopy(ring, 0, copy, first, count - first);
    return copy;
  }

  private ByteBuffer head(long place) {
    return ByteBuffer.wrap(read(place, HEAD));
  }

  synchronized LogReader reader() {
    return new Place(oldest);
  }

  private final class Place implements LogReader {

    private long next;

    private Place(long next) {
      this.next = next;
    }

    @Override
    public Optional<LogLine> next() {
      synchronized (LineLog.this) {
        if (next < oldest) {
          String mark =
              "*** %d bytes were left out: they came faster than they were read ***\n"
                  .formatted(oldest - next);
          next = oldest;
          return Optional.of(
              new LogLine(clock.instant(), true, true, mark.getBytes(StandardCharsets.UTF_8)));
        }
        if (next == end) {
          return Optional.empty();
        }
        ByteBuffer head = head(next);
        long nanos = head.getLong();
        int flags = head.get();
        int length = head.getInt();
        byte[] bytes = read(next + HEAD, length);
        next += HEAD + length;
        return Optional.of(
            new LogLine(
                Instant.ofEpochSecond(0, nanos),
                (flags & STDERR) != 0,
                (flags & BEGINS) != 0,
                bytes));
      }
    }

    @Override
    public List<LogLine> unfinished() {
      synchronized (LineLog.this) {
        List<LogLine> lines = new ArrayList<>();
        for (Unfinished line : List.of(stdout, stderr)) {
          if (line.bytes.size() > 0) {
            lines.add(
                new LogLine(
                    line.said, (line.flags & STDERR) != 0, !line.goesOn, line.bytes.toByteArray()));
          }
        }
        return lines;
      }
    }

    @Override
    public boolean await() throws InterruptedException {
      synchronized (LineLog.this) {
        while (next == end && !ended) {
          LineLog.this.wait();
        }
        return next != end;
      }
    }
  }
}
