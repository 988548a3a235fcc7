package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A session from its opening to its end. */
final class LiveSession implements Session {

  private final String id;
  private final SessionRequest request;
  private final long opened = System.nanoTime();
  private final ClientStreams streams;
  private final AtomicLong bytesIn = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean hungUp;
  private volatile @Nullable ContainerProcess process;

  /**
   * @param whenEnded hears of the end before the client does
   */
  LiveSession(
      String id,
      SessionRequest request,
      SessionStreams client,
      BiConsumer<LiveSession, ExitStatus> whenEnded) {
    this.id = id;
    this.request = request;
    this.streams =
        new ClientStreams(
            client,
            request.process().tty(),
            status -> {
              whenEnded.accept(this, status);
              over.countDown();
            });
  }

  String id() {
    return id;
  }

  ClientStreams streams() {
    return streams;
  }

  SessionRequest request() {
    return request;
  }

  long bytesIn() {
    return bytesIn.get();
  }

  AuditLog.Outcome outcome() {
    return new AuditLog.Outcome(streams.bytesOut(), hungUp);
  }

  /** Its process has been started; it may have ended already. */
  void started(ContainerProcess running) {
    process = running;
    if (hungUp) {
      running.close();
    }
  }

  /** Waits for its end; says whether it came. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    return over.await(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        id,
        request.door(),
        request.who().name(),
        request.process().command(),
        request.process().tty(),
        Duration.ofNanos(System.nanoTime() - opened));
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    ContainerProcess running = process;
    if (running == null) {
      return false;
    }
    int before = bytes.remaining();
    boolean all = running.stdin(bytes);
    bytesIn.addAndGet(before - bytes.remaining());
    return all;
  }

  @Override
  public void closeStdin() {
    ContainerProcess running = process;
    if (running != null) {
      running.closeStdin();
    }
  }

  @Override
  public void resize(TerminalSize size) {
    ContainerProcess running = process;
    if (running != null) {
      running.resize(size);
    }
  }

  @Override
  public void signal(int signal) {
    ContainerProcess running = process;
    if (running != null) {
      running.signal(signal);
    }
  }

  @Override
  public void close() {
    // A process that is only now being started is closed when it has.
    hungUp = true;
    ContainerProcess running = process;
    if (running != null) {
      running.close();
    }
  }
}
