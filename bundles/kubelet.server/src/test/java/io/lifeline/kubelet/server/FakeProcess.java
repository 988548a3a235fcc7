package io.lifeline.kubelet.server;

import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A process as a thread, with an input of bounded size: what a real one looks like from a door. */
final class FakeProcess implements Session {

  private static final int PIPE = 65536;

  final SessionRequest request;
  final AtomicLong written = new AtomicLong();
  final CountDownLatch ended = new CountDownLatch(1);
  private final SessionStreams streams;
  private final Thread thread;
  private final ByteBuffer pipe = ByteBuffer.allocate(PIPE);
  private boolean wanted;
  private boolean inputClosed;
  private boolean inputDropped;
  private boolean hungUp;
  private TerminalSize size;

  FakeProcess(SessionRequest request, SessionStreams streams) {
    this.request = request;
    this.streams = streams;
    this.thread = new Thread(this::run, "fake-process");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    ExitStatus status;
    try {
      status = main(request.process().command());
    } catch (InterruptedException e) {
      status = new ExitStatus.Signalled(1);
    } catch (Exception e) {
      status = new ExitStatus.Signalled(13);
    }
    synchronized (this) {
      inputDropped = true;
      pipe.clear();
    }
    streams.inputWanted();
    streams.ended(status);
    ended.countDown();
  }

  private ExitStatus main(List<String> command) throws Exception {
    switch (command.get(0)) {
      case "cat" -> copy();
      case "sum" -> sum();
      case "generate" -> generate(Long.parseLong(command.get(1)));
      case "exit" -> {
        return new ExitStatus.Exited(Integer.parseInt(command.get(1)));
      }
      case "both" -> {
        out("to stdout\n");
        streams.stderr(ByteBuffer.wrap("to stderr\n".getBytes(StandardCharsets.UTF_8)));
      }
      case "size" -> size();
      case "killed" -> {
        return new ExitStatus.Signalled(9);
      }
      case "missing" -> {
        return new ExitStatus.Failed(127, "exec: \"missing\": not found");
      }
      case "stuck" -> Thread.sleep(Duration.ofMinutes(5).toMillis());
      default -> throw new IllegalArgumentException(command.toString());
    }
    return new ExitStatus.Exited(0);
  }

  private void out(String text) throws IOException, InterruptedException {
    streams.stdout(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void copy() throws Exception {
    byte[] buffer = new byte[PIPE];
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      streams.stdout(ByteBuffer.wrap(buffer, 0, n));
      written.addAndGet(n);
    }
  }

  private void sum() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[PIPE];
    for (int n = read(buffer); n >= 0; n = read(buffer)) {
      digest.update(buffer, 0, n);
    }
    out(HexFormat.of().formatHex(digest.digest()));
  }

  private void generate(long length) throws Exception {
    Random random = new Random(length);
    byte[] buffer = new byte[PIPE];
    for (long left = length; left > 0; ) {
      random.nextBytes(buffer);
      int n = (int) Math.min(left, buffer.length);
      streams.stdout(ByteBuffer.wrap(buffer, 0, n));
      written.addAndGet(n);
      left -= n;
    }
  }

  static byte[] generated(long length) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Random random = new Random(length);
    byte[] buffer = new byte[PIPE];
    for (long left = length; left > 0; left -= buffer.length) {
      random.nextBytes(buffer);
      digest.update(buffer, 0, (int) Math.min(left, buffer.length));
    }
    return digest.digest();
  }

  private void size() throws Exception {
    synchronized (this) {
      while (size == null) {
        wait();
      }
    }
    out(size.columns() + "x" + size.rows());
  }

  private int read(byte[] into) throws InterruptedException {
    int n;
    synchronized (this) {
      while (pipe.position() == 0) {
        if (inputClosed) {
          return -1;
        }
        wait();
      }
      pipe.flip();
      n = Math.min(pipe.remaining(), into.length);
      pipe.get(into, 0, n);
      pipe.compact();
      if (!wanted) {
        return n;
      }
      wanted = false;
    }
    streams.inputWanted();
    return n;
  }

  @Override
  public synchronized boolean stdin(ByteBuffer bytes) {
    if (inputDropped) {
      bytes.position(bytes.limit());
      return true;
    }
    int n = Math.min(bytes.remaining(), pipe.remaining());
    pipe.put(bytes.slice(bytes.position(), n));
    bytes.position(bytes.position() + n);
    wanted = bytes.hasRemaining();
    notifyAll();
    return !wanted;
  }

  @Override
  public synchronized void closeStdin() {
    inputClosed = true;
    notifyAll();
  }

  @Override
  public synchronized void resize(TerminalSize to) {
    size = to;
    notifyAll();
  }

  @Override
  public void signal(int signal) {
    thread.interrupt();
  }

  @Override
  public synchronized void close() {
    hungUp = true;
    thread.interrupt();
  }

  synchronized boolean hungUp() {
    return hungUp;
  }

  synchronized boolean stdinIsFull() {
    return wanted;
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        "amber-1",
        Door.KUBELET,
        request.who().name(),
        request.process().command(),
        request.process().tty(),
        Duration.ZERO);
  }
}
