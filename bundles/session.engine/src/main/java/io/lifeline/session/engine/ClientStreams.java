package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A client's side of a session, with the engine's own words put between the process's, never into
 * them. One thread at a time reaches the client, whoever it is.
 */
final class ClientStreams implements SessionStreams {

  private final SessionStreams client;
  private final boolean tty;
  private final Consumer<ExitStatus> whenEnded;
  private final ReentrantLock speaking = new ReentrantLock();
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private boolean over;
  private volatile long bytesOut;

  /**
   * @param whenEnded hears of the end before the client does
   */
  ClientStreams(SessionStreams client, boolean tty, Consumer<ExitStatus> whenEnded) {
    this.client = client;
    this.tty = tty;
    this.whenEnded = whenEnded;
  }

  long bytesOut() {
    return bytesOut;
  }

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    speak(bytes, false);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws IOException, InterruptedException {
    speak(bytes, true);
  }

  private void speak(ByteBuffer bytes, boolean error) throws IOException, InterruptedException {
    speaking.lock();
    try {
      counted(bytes.remaining());
      if (error) {
        client.stderr(bytes);
      } else {
        client.stdout(bytes);
      }
      sayWhatWaits();
    } finally {
      speaking.unlock();
    }
  }

  // Only the one who holds the lock counts; anybody may read.
  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  private void counted(int more) {
    bytesOut += more;
  }

  /** Leaves a line to be said between the process's own words. Does not block. */
  void leave(String line) {
    waiting.add(line);
  }

  /**
   * Says what was left. May block for as long as the client does not read; when another thread is
   * blocked there already, that one will say it.
   */
  void sayNow() throws IOException, InterruptedException {
    while (!waiting.isEmpty() && speaking.tryLock()) {
      try {
        sayWhatWaits();
      } finally {
        speaking.unlock();
      }
    }
  }

  private void sayWhatWaits() throws IOException, InterruptedException {
    for (String line = waiting.poll(); line != null; line = waiting.poll()) {
      if (over) {
        continue;
      }
      if (tty) {
        client.stdout(bytes("\r\n*** " + line + " ***\r\n"));
      } else {
        client.stderr(bytes("*** " + line + " ***\n"));
      }
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void inputWanted() {
    client.inputWanted();
  }

  @Override
  public void ended(ExitStatus status) {
    speaking.lock();
    try {
      sayWhatWaits();
    } catch (IOException e) {
      // The client is gone; its end is told all the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
      speaking.unlock();
    }
    whenEnded.accept(status);
    client.ended(status);
  }
}
