package io.lifeline.runtime.oci;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A client that keeps all it hears. */
public final class Heard implements SessionStreams {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  public final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
  public final Semaphore wanted = new Semaphore(0);

  @Override
  public synchronized void stdout(ByteBuffer bytes) {
    keep(out, bytes);
  }

  @Override
  public synchronized void stderr(ByteBuffer bytes) {
    keep(err, bytes);
  }

  private void keep(ByteArrayOutputStream to, ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    to.writeBytes(copy);
    notifyAll();
  }

  @Override
  public void inputWanted() {
    wanted.release();
  }

  @Override
  public synchronized void ended(ExitStatus status) {
    if (!ended.complete(status)) {
      throw new IllegalStateException("ended twice");
    }
    notifyAll();
  }

  public synchronized String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  public synchronized byte[] outBytes() {
    return out.toByteArray();
  }

  public synchronized String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Waits for words on stdout. */
  public synchronized void until(Predicate<String> said) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!said.test(out())) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new TimeoutException("heard only: " + out() + err());
      }
      wait(left);
    }
  }

  public ExitStatus end() throws Exception {
    return ended.get(15, TimeUnit.SECONDS);
  }
}
