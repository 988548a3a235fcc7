package io.lifeline.ssh.server;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The debug container as the door sees it: each process is a thread that knows a few commands. */
final class FakeContainer implements Shells {

  final List<FakeProcess> processes = new CopyOnWriteArrayList<>();
  final AtomicInteger hanging = new AtomicInteger();
  volatile String refuse = "";
  volatile String notice = "";

  @Override
  public Session open(Person person, ProcessSpec process, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    if (!refuse.isEmpty()) {
      throw new SessionRefusedException(refuse);
    }
    if (process.command().contains("hangs")) {
      hang();
    }
    FakeProcess started = new FakeProcess(person, process, streams);
    processes.add(started);
    started.thread.start();
    return started;
  }

  /** As a runtime does that waits for a disk: until the door is closed. */
  private void hang() throws SessionRefusedException {
    hanging.incrementAndGet();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionRefusedException("the door is closed");
    }
  }

  @Override
  public String notice(Person person) {
    return notice;
  }

  FakeProcess last() {
    return processes.get(processes.size() - 1);
  }

  /** A process with an input of bounded size. */
  static final class FakeProcess implements Session {

    final Person person;
    final ProcessSpec spec;
    final AtomicLong written = new AtomicLong();
    final CountDownLatch ended = new CountDownLatch(1);
    final Thread thread;
    private final SessionStreams streams;
    private final ByteBuffer pipe = ByteBuffer.allocate(65536);
    private boolean wanted;
    private boolean inputClosed;
    private volatile ExitStatus killedBy = new ExitStatus.Signalled(1);
    private volatile String went = "";
    private TerminalSize size;

    FakeProcess(Person person, ProcessSpec spec, SessionStreams streams) {
      this.person = person;
      this.spec = spec;
      this.streams = streams;
      this.size = spec.size().orElse(null);
      this.thread = new Thread(this::run, "fake-process");
      thread.setDaemon(true);
    }

    private void run() {
      ExitStatus status;
      try {
        List<String> command = spec.command();
        status =
            main(command.size() == 3 ? List.of(command.get(2).split(" ", -1)) : List.of("shell"));
      } catch (InterruptedException e) {
        status = killedBy;
      } catch (Exception e) {
        status = new ExitStatus.Signalled(13);
      }
      streams.ended(status);
      ended.countDown();
    }

    private ExitStatus main(List<String> words) throws Exception {
      switch (words.get(0)) {
        case "shell" -> {
          out("prompt# ");
          return shell();
        }
        case "cat" -> {
          byte[] buffer = new byte[65536];
          for (int n = read(buffer); n >= 0; n = read(buffer)) {
            streams.stdout(ByteBuffer.wrap(buffer, 0, n));
          }
        }
        case "zeros" -> {
          for (long left = Long.parseLong(words.get(1)); left > 0; left -= 65536) {
            int n = (int) Math.min(left, 65536);
            streams.stdout(ByteBuffer.wrap(new byte[n]));
            written.addAndGet(n);
          }
        }
        case "exit" -> {
          return new ExitStatus.Exited(Integer.parseInt(words.get(1)));
        }
        case "both" -> {
          out("to stdout\n");
          streams.stderr(ByteBuffer.wrap("to stderr\n".getBytes(StandardCharsets.UTF_8)));
        }
        case "env" -> out(spec.environment() + "\n");
        case "size" -> out(size + "\n");
        case "sleep" -> Thread.sleep(Duration.ofMinutes(5).toMillis());
        case "killed" -> {
          return new ExitStatus.Signalled(9);
        }
        case "missing" -> {
          return new ExitStatus.Failed(127, "exec: \"missing\": not found");
        }
        default -> throw new IllegalArgumentException(words.toString());
      }
      return new ExitStatus.Exited(0);
    }

    /** Lines until {@code exit N}; {@code size} and {@code sleep} are understood. */
    private ExitStatus shell() throws Exception {
      StringBuilder line = new StringBuilder();
      byte[] one = new byte[1];
      while (read(one) > 0) {
        if (one[0] != '\n' && one[0] != '\r') {
          line.append((char) one[0]);
          continue;
        }
        String said = line.toString();
        line.setLength(0);
        if (said.startsWith("exit ")) {
          return new ExitStatus.Exited(Integer.parseInt(said.substring(5)));
        }
        synchronized (this) {
          out("[%s %s]\r\n".formatted(said, said.equals("size") ? size : ""));
        }
      }
      return new ExitStatus.Exited(0);
    }

    private void out(String text) throws IOException, InterruptedException {
      streams.stdout(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
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
    }

    synchronized TerminalSize size() {
      return size;
    }

    @Override
    public void signal(int signal) {
      killedBy = new ExitStatus.Signalled(signal);
      thread.interrupt();
    }

    @Override
    public void close() {
      went = "closed";
      thread.interrupt();
    }

    @Override
    public void lost() {
      went = "lost";
    }

    String went() {
      return went;
    }

    @Override
    public SessionInfo info() {
      return new SessionInfo(
          "amber-1", Door.SSH, person.identity().name(), spec.command(), spec.tty(), Duration.ZERO);
    }
  }
}
