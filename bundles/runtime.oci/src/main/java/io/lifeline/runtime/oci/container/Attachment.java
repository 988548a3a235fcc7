package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.OwnThread;
import io.lifeline.session.api.ContainerInput;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ContainerSpec;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has joined the main process. Has a queue, bounded, and a thread that empties it, so
 * that who reads slowly holds nobody else up for long.
 */
final class Attachment implements ContainerProcess, Runnable {

  private static final int MOST_QUEUED = 256 * 1024;

  private record Chunk(ByteBuffer bytes, boolean error) {}

  private final ContainerProcess main;
  private final MainOutput output;
  private final SessionStreams streams;
  private final boolean endsInput;
  private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
  private int queued;
  private long dropped;
  private boolean gone;
  private @Nullable ExitStatus end;

  /**
   * @param spec says what the end of this one's input is for the process
   */
  Attachment(ContainerProcess main, MainOutput output, SessionStreams streams, ContainerSpec spec) {
    this.main = main;
    this.output = output;
    this.streams = streams;
    this.endsInput = spec.input() == ContainerInput.ONCE && !spec.tty();
  }

  /** Joins; from now on it hears what the main process says. */
  Attachment start(String name) {
    output.join(this);
    new OwnThread(this, name).start();
    return this;
  }

  /** What is shown before anything else; takes the bytes as they are. */
  synchronized void begin(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      queue.add(new Chunk(bytes, false));
      queued += bytes.remaining();
    }
  }

  /**
   * Takes a copy of what the main process said.
   *
   * @param patience how long to wait for room; after it the bytes are dropped, and a mark is left
   */
  synchronized void offer(ByteBuffer bytes, boolean error, Duration patience)
      throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    // Who is already behind is not waited for again until he has caught up.
    while (!gone && dropped == 0 && queued > 0 && queued + bytes.remaining() > MOST_QUEUED) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    if (gone) {
      return;
    }
    if (dropped > 0 || (queued > 0 && queued + bytes.remaining() > MOST_QUEUED)) {
      dropped += bytes.remaining();
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    queue.add(new Chunk(ByteBuffer.wrap(copy), error));
    queued += copy.length;
    notifyAll();
  }

  /** The main process has ended: said after all that is queued. */
  synchronized void finish(ExitStatus status) {
    if (end == null) {
      end = status;
    }
    notifyAll();
  }

  void inputWanted() {
    streams.inputWanted();
  }

  @Override
  public void run() {
    try {
      for (Optional<Chunk> chunk = next(); chunk.isPresent(); chunk = next()) {
        ByteBuffer bytes = chunk.get().bytes();
        if (chunk.get().error()) {
          streams.stderr(bytes);
        } else {
          streams.stdout(bytes);
        }
      }
    } catch (IOException | InterruptedException e) {
      close();
    } finally {
      output.leave(this);
    }
    streams.ended(status());
  }

  /** Empty at the end. */
  private synchronized Optional<Chunk> next() throws InterruptedException {
    while (!gone && queue.isEmpty() && dropped == 0 && end == null) {
      wait();
    }
    if (gone) {
      return Optional.empty();
    }
    if (queue.isEmpty() && dropped > 0) {
      byte[] mark =
          "\r\n*** %d bytes were left out: this connection was too slow ***\r\n"
              .formatted(dropped)
              .getBytes(StandardCharsets.UTF_8);
      dropped = 0;
      notifyAll();
      return Optional.of(new Chunk(ByteBuffer.wrap(mark), false));
    }
    Optional<Chunk> chunk = Optional.ofNullable(queue.poll());
    chunk.ifPresent(taken -> queued -= taken.bytes().remaining());
    notifyAll();
    return chunk;
  }

  private synchronized ExitStatus status() {
    // Who leaves of his own accord has seen no failure.
    return end == null ? new ExitStatus.Exited(0) : end;
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    return main.stdin(bytes);
  }

  /**
   * No more comes from this one, who hears the process to its end all the same. The process itself
   * reads end-of-file only where its input is {@link ContainerInput#ONCE}, and not on a terminal;
   * elsewhere others may still type.
   *
   * <p>That is what containerd does, but for one thing: there, an attachment without stdinOnce ends
   * with its input, and the answer to {@code echo … | kubectl attach -i} is lost.
   */
  @Override
  public void closeStdin() {
    if (endsInput) {
      main.closeStdin();
    }
  }

  @Override
  public void resize(TerminalSize size) {
    main.resize(size);
  }

  @Override
  public void signal(int signal) {
    main.signal(signal);
  }

  /** Leaves. The main process lives on. */
  @Override
  public synchronized void close() {
    gone = true;
    notifyAll();
  }
}
