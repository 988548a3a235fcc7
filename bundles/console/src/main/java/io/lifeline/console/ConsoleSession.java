package io.lifeline.console;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Karaf's shell, or one command of it, for somebody at a door; on a thread of its own. */
final class ConsoleSession implements Session, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleSession.class);
  private static final int INTERRUPT = 2;
  private static final int HUNG_UP = 129;

  private final SessionFactory shells;
  private final Identity who;
  private final ProcessSpec process;
  private final SessionStreams streams;
  private final String line;
  private final KeyPipe keys;
  private final long opened = System.nanoTime();
  private final Thread thread = new Thread(this, "lifeline-console-door");
  private @Nullable DoorTerminal terminal;
  private @Nullable TerminalSize size;
  private volatile boolean closed;

  ConsoleSession(SessionFactory shells, Identity who, ProcessSpec process, SessionStreams streams) {
    this.shells = shells;
    this.who = who;
    this.process = process;
    this.streams = streams;
    this.line = String.join(" ", process.command()).strip();
    this.keys = new KeyPipe(streams::inputWanted);
    this.size = process.size().orElse(null);
    thread.setDaemon(true);
  }

  void start() {
    LOG.info("{} opens the console: {}", who.name(), line.isEmpty() ? "a shell" : line);
    thread.start();
  }

  @Override
  public void run() {
    ExitStatus status;
    try (OutputStream out = new BufferedOutputStream(new Said())) {
      status = new ExitStatus.Exited(process.tty() ? atTerminal(out) : command(out));
    } catch (IOException e) {
      status = new ExitStatus.Failed(HUNG_UP, "the console was left: " + e.getMessage());
    } catch (RuntimeException e) {
      if (closed) {
        LOG.debug("The console's shell failed when its client had gone", e);
      } else {
        LOG.error("The console's shell failed", e);
      }
      status = new ExitStatus.Failed(1, "the console's shell failed: see the log of this process");
    }
    // The session's last word must not be interrupted by its client's.
    keys.close();
    if (Thread.interrupted()) {
      LOG.debug("{} has left the console", who.name());
    }
    streams.ended(closed ? new ExitStatus.Exited(HUNG_UP) : status);
  }

  private int command(OutputStream out) throws IOException {
    PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8);
    if (line.isEmpty()) {
      print.println(
          "which command? For instance: rescue:status; a shell needs a terminal (ssh -t)");
      print.flush();
      return 1;
    }
    var shell = shells.create(InputStream.nullInputStream(), print, print);
    try {
      return execute(shell, print);
    } finally {
      shell.close();
      print.flush();
    }
  }

  private int atTerminal(OutputStream out) throws IOException {
    String type = process.environment().getOrDefault("TERM", "xterm");
    DoorTerminal there = new DoorTerminal(type, keys, out);
    there.setSize(new org.jline.terminal.Size(80, 24));
    synchronized (this) {
      terminal = there;
      if (size != null) {
        there.resize(size);
      }
    }
    PrintStream print = new PrintStream(there.output(), true, StandardCharsets.UTF_8);
    var shell = shells.create(keys, print, print, there, "UTF-8", keys::close);
    try {
      if (!line.isEmpty()) {
        return execute(shell, print);
      }
      identify(shell);
      shell.run();
      return 0;
    } finally {
      shell.close();
      there.close();
    }
  }

  private void identify(org.apache.karaf.shell.api.console.Session shell) {
    // For the prompt; the key's fingerprint behind it would fill the line.
    shell.put("USER", who.name().split(" ", 2)[0]);
    shell.put(Person.KNOWN, who);
  }

  private int execute(org.apache.karaf.shell.api.console.Session shell, PrintStream print) {
    identify(shell);
    try {
      Object result = shell.execute(line);
      if (result != null) {
        print.println(result);
      }
      return 0;
    } catch (Exception e) {
      print.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return 1;
    }
  }

  /** What is said goes to the client, which may be slow. */
  private final class Said extends OutputStream {

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        streams.stdout(ByteBuffer.wrap(bytes, from, count));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("its client has gone", e);
      }
    }
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        "console",
        Door.CONSOLE,
        who.name(),
        process.command(),
        process.tty(),
        Duration.ofNanos(System.nanoTime() - opened));
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    return keys.offer(bytes);
  }

  @Override
  public void closeStdin() {
    if (process.tty()) {
      keys.close();
    }
  }

  @Override
  public synchronized void resize(TerminalSize to) {
    size = to;
    if (terminal != null) {
      terminal.resize(to);
    }
  }

  @Override
  public void signal(int signal) {
    if (signal == INTERRUPT) {
      thread.interrupt();
    } else {
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    keys.close();
    thread.interrupt();
  }
}
