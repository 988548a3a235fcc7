package io.lifeline.console;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The console's terminal as a session sees it. */
final class ConsoleStreams implements SessionStreams {

  private final OutputStream out;
  private final Semaphore wanted = new Semaphore(0);
  private final CountDownLatch over = new CountDownLatch(1);

  ConsoleStreams(OutputStream out) {
    this.out = out;
  }

  @Override
  public void stdout(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy);
    out.flush();
  }

  @Override
  public void stderr(ByteBuffer bytes) throws IOException {
    stdout(bytes);
  }

  @Override
  public void inputWanted() {
    wanted.release();
  }

  void awaitWanted(long millis) throws InterruptedException {
    if (wanted.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      wanted.drainPermits();
    }
  }

  @Override
  public void ended(ExitStatus status) {
    over.countDown();
  }

  boolean isOver() {
    return over.getCount() == 0;
  }
}
