package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's eyes on a session: a bounded queue, and a thread that empties it, so that who
 * reads slowly holds nobody else up for long.
 */
final class Viewer implements Runnable {

  static final int MOST_QUEUED = 256 * 1024;
  private static final long STACK = 256 * 1024L;

  private final SessionStreams to;
  private final Mode mode;
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>(4);
  private int queued;
  private long dropped;
  private boolean gone;
  private @Nullable ExitStatus end;

  Viewer(SessionStreams to, Mode mode) {
    this.to = to;
    this.mode = mode;
  }

  Mode mode() {
    return mode;
  }

  void start(String sessionId) {
    Thread thread = new Thread(null, this, "lifeline-viewer-" + sessionId, STACK);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Takes a copy of what the session says.
   *
   * @param patience how long to wait for room; after it the bytes are dropped, and a mark is left
   */
  synchronized void offer(ByteBuffer bytes, Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    // Who is already behind is not waited for again until he has caught up.
    while (!gone && dropped == 0 && isTooMuch(bytes.remaining())) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    if (gone || end != null) {
      return;
    }
    if (dropped > 0 || isTooMuch(bytes.remaining())) {
      dropped += bytes.remaining();
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    queue.add(copy);
    queued += copy.length;
    notifyAll();
  }

  private boolean isTooMuch(int more) {
    return queued > 0 && queued + more > MOST_QUEUED;
  }

  /** The session has ended, or is left: told after all that is queued. The first word counts. */
  synchronized void finish(ExitStatus status) {
    if (end == null) {
      end = status;
    }
    notifyAll();
  }

  /** Nobody reads any more. */
  synchronized void lost() {
    gone = true;
    queue.clear();
    notifyAll();
  }

  void inputWanted() {
    to.inputWanted();
  }

  @Override
  public void run() {
    try {
      for (Optional<byte[]> next = next(); next.isPresent(); next = next()) {
        to.stdout(ByteBuffer.wrap(next.get()));
      }
    } catch (IOException | InterruptedException e) {
      lost();
    }
    to.ended(status());
  }

  /** Empty at the end. */
  private synchronized Optional<byte[]> next() throws InterruptedException {
    while (!gone && queue.isEmpty() && dropped == 0 && end == null) {
      wait();
    }
    if (gone) {
      return Optional.empty();
    }
    byte[] first = queue.poll();
    if (first != null) {
      queued -= first.length;
      notifyAll();
      return Optional.of(first);
    }
    if (dropped > 0) {
      String mark =
          "\r\n*** %d bytes were left out: this connection was too slow ***\r\n".formatted(dropped);
      dropped = 0;
      notifyAll();
      return Optional.of(mark.getBytes(StandardCharsets.UTF_8));
    }
    return Optional.empty();
  }

  private synchronized ExitStatus status() {
    // Who leaves of his own accord has seen no failure.
    return end == null ? new ExitStatus.Exited(0) : end;
  }
}
