package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A client that keeps what it hears, and may stop reading. */
final class Client implements SessionStreams {

  private final StringBuffer heard = new StringBuffer();
  final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
  final CountDownLatch blocked = new CountDownLatch(1);
  volatile boolean broken;
  volatile CountDownLatch reads = new CountDownLatch(0);

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    if (broken) {
      throw new IOException("the client is gone");
    }
    blocked.countDown();
    reads.await();
    heard.append(StandardCharsets.UTF_8.decode(bytes));
  }

  @Override
  public void stderr(ByteBuffer bytes) {
    heard.append("<err>").append(StandardCharsets.UTF_8.decode(bytes)).append("</err>");
  }

  @Override
  public void inputWanted() {}

  @Override
  public void ended(ExitStatus status) {
    ended.complete(status);
  }

  String heard() {
    return heard.toString();
  }
}
