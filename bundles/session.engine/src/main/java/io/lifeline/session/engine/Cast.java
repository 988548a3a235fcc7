package io.lifeline.session.engine;

import io.lifeline.session.api.TerminalSize;
import io.lifeline.session.engine.EngineSettings.Kept;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session as it is written down: asciicast v2, which asciinema plays. Any thread; nothing here
 * waits for more than the tmpfs, which is memory.
 *
 * @see <a href="https://docs.asciinema.org/manual/asciicast/v2/">asciicast v2</a>
 */
final class Cast implements AutoCloseable {

  /** Where it may be written, and who hears when it may not. */
  interface Room {

    /** Makes room for so many bytes; says whether it could. */
    boolean take(long bytes);

    /** From now on nothing is written down; told once. */
    void full(String why);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Cast.class);
  private static final long SIZE_AWAITED = 2_000_000_000L;
  private static final TerminalSize USUAL = new TerminalSize(80, 24);

  private final FileChannel file;
  private final CastLines lines = new CastLines(this::flush);
  private final CastText output = new CastText('o', lines);
  private final CastText input = new CastText('i', lines);
  private final Room room;
  private final String header;
  private final boolean keys;
  private final long begun;
  private final long most;
  private long kept;
  private long leftOut;
  private Optional<TerminalSize> size;
  private boolean headed;
  private boolean closed;

  /**
   * What is to be written down.
   *
   * @param header the first line without its size, which is known later; it begins after the brace
   * @param most how many bytes of output are kept
   */
  record Shape(String header, Kept kept, long most, Optional<TerminalSize> size) {}

  Cast(FileChannel file, Room room, Shape shape) {
    this(file, room, shape, Duration.ZERO);
  }

  /** One that an earlier life of the agent began this long ago, and that goes on. */
  static Cast resumed(FileChannel file, Room room, Shape shape, Duration age) throws IOException {
    Cast cast = new Cast(file, room, shape, age);
    cast.headed = file.size() > 0;
    return cast;
  }

  private Cast(FileChannel file, Room room, Shape shape, Duration age) {
    this.begun = System.nanoTime() - age.toNanos();
    this.file = file;
    this.room = room;
    this.header = shape.header();
    this.keys = shape.kept() == Kept.BOTH;
    this.most = shape.most();
    this.size = shape.size();
  }

  /** What the terminal got; consumes it. */
  synchronized void output(ByteBuffer bytes) {
    int count = bytes.remaining();
    if (closed || kept >= most) {
      leftOut += count;
      bytes.position(bytes.limit());
      return;
    }
    if (count > most - kept) {
      leftOut += count - (most - kept);
      bytes.limit(bytes.position() + (int) (most - kept));
    }
    kept += bytes.remaining();
    write(() -> output.add(bytes, nanos()));
  }

  /** What was typed, where that is wanted; leaves the buffer as it is. */
  void input(ByteBuffer bytes) {
    // Keys come from an event loop, which does not wait for output that is being written.
    if (keys && bytes.hasRemaining()) {
      typed(bytes.duplicate());
    }
  }

  private synchronized void typed(ByteBuffer bytes) {
    if (!closed) {
      write(() -> input.add(bytes, nanos()));
    }
  }

  synchronized void resized(TerminalSize to) {
    if (closed || size.filter(to::equals).isPresent()) {
      return;
    }
    size = Optional.of(to);
    write(
        () -> {
          if (headed) {
            lines.event(nanos(), "r", to.columns() + "x" + to.rows());
          }
        });
  }

  /** Nanoseconds since the beginning. */
  private long nanos() {
    return System.nanoTime() - begun;
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.run();
      // The window's size comes a moment after the first prompt: it belongs into the header.
      if (headed || size.isPresent() || nanos() > SIZE_AWAITED) {
        lines.flush();
      }
    } catch (IOException e) {
      stop(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private void flush(ByteBuffer bytes) throws IOException {
    if (!headed) {
      headed = true;
      TerminalSize first = size.orElse(USUAL);
      String head =
          "{\"version\":2,\"width\":%d,\"height\":%d,%s\n"
              .formatted(first.columns(), first.rows(), header);
      into(ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
    }
    into(bytes);
  }

  private void into(ByteBuffer bytes) throws IOException {
    if (!room.take(bytes.remaining())) {
      throw new IOException("there is no room left (recordings.max)");
    }
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private void stop(String why) {
    shut();
    room.full(why);
  }

  private void shut() {
    closed = true;
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("a recording could not be closed", e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    write(
        () -> {
          output.rest(nanos());
          input.rest(nanos());
          if (leftOut > 0) {
            lines.event(nanos(), "m", leftOut + " more bytes are not kept");
          }
        });
    try {
      if (!closed) {
        lines.flush();
        flush(ByteBuffer.allocate(0));
      }
    } catch (IOException e) {
      LOG.debug("the end of a recording could not be written", e);
    }
    shut();
  }
}
