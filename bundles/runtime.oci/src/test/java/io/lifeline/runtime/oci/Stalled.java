package io.lifeline.runtime.oci;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A client that reads nothing until it is told to go on. */
final class Stalled implements SessionStreams {

  final CountDownLatch reached = new CountDownLatch(1);
  final CountDownLatch goOn = new CountDownLatch(1);
  final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
  final AtomicInteger calls = new AtomicInteger();

  @Override
  public void stdout(ByteBuffer bytes) throws InterruptedException {
    calls.incrementAndGet();
    reached.countDown();
    goOn.await();
    bytes.position(bytes.limit());
  }

  @Override
  public void stderr(ByteBuffer bytes) {}

  @Override
  public void inputWanted() {}

  @Override
  public void ended(ExitStatus status) {
    ended.complete(status);
  }
}
