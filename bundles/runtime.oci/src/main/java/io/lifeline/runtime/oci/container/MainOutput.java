package io.lifeline.runtime.oci.container;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.SessionStreams;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the main process says: to the log, and to everybody who is attached. Called by the main
 * process's thread; joining, leaving and reading are for any.
 */
final class MainOutput implements SessionStreams {

  private static final int LOG = 256 * 1024;
  // About a screen: who joins a shell sees its prompt, and what led to it.
  private static final int SCREEN = 2048;
  // One person alone slows the process down; among several, who is slow loses output.
  private static final Duration PATIENCE_ALONE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final boolean terminal;
  private final LineLog log;
  private final LogRing screen = new LogRing(SCREEN);
  private final List<Attachment> attached = new ArrayList<>();

  /**
   * @param terminal whether the process has one: then who joins is shown its last lines
   * @param clock tells when a line was said
   */
  MainOutput(boolean terminal, Clock clock) {
    this.log = new LineLog(LOG, clock);
    this.terminal = terminal;
  }

  @Override
  public void stdout(ByteBuffer bytes) throws InterruptedException {
    say(bytes, false);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws InterruptedException {
    say(bytes, true);
  }

  private void say(ByteBuffer bytes, boolean error) throws InterruptedException {
    log.append(bytes, error);
    List<Attachment> hearing;
    synchronized (this) {
      // Together, so that who joins now has these bytes once: here, or from the screen.
      if (terminal) {
        screen.append(bytes);
      }
      hearing = List.copyOf(attached);
    }
    for (Attachment one : hearing) {
      one.offer(bytes.duplicate(), error, hearing.size() == 1 ? PATIENCE_ALONE : PATIENCE);
    }
    bytes.position(bytes.limit());
  }

  @Override
  public void inputWanted() {
    hearing().forEach(Attachment::inputWanted);
  }

  @Override
  public void ended(ExitStatus status) {
    log.end();
    hearing().forEach(one -> one.finish(status));
  }

  private synchronized List<Attachment> hearing() {
    return List.copyOf(attached);
  }

  synchronized void join(Attachment one) {
    one.begin(ByteBuffer.wrap(lastLines()));
    attached.add(one);
  }

  /** From the beginning of a line on, or an escape sequence might be cut. */
  private byte[] lastLines() {
    byte[] last = screen.last(SCREEN);
    int from = 0;
    while (last.length == SCREEN && from < last.length && last[from++] != '\n') {}
    return Arrays.copyOfRange(last, from, last.length);
  }

  synchronized void leave(Attachment one) {
    attached.remove(one);
  }

  /** A line that the agent says itself, for who reads the log. */
  void note(String line) {
    log.append(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)), true);
  }

  LogReader reader() {
    return log.reader();
  }
}
