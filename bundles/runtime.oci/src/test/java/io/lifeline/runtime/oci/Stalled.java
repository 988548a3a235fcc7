package io.lifeline.runtime.oci;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A client that reads nothing until it is told to go on. */
final class Stalled implements SessionStreams {

  final CountDownLatch reached = new CountDownLatch(1);
  final CountDownLatch goOn = new CountDownLatch(1);
  final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
  volatile int calls;

  @Override
  public void stdout(ByteBuffer bytes) throws InterruptedException {
    calls = calls + 1;
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
