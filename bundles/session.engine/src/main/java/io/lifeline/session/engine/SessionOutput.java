package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a session says, on its way to everybody who sees it: its own client first and without a
 * copy, then who has joined or watches. The engine's own words are put between the process's, never
 * into them. One thread at a time reaches the client, whoever it is.
 */
final class SessionOutput implements SessionStreams {

  /** What the session makes of what happens here. */
  interface Owner {

    /** The {@code lifeline} command in the container asks for something. */
    void asked(String words) throws IOException, InterruptedException;

    /** The process takes input again. */
    void inputWanted();

    /** The process has ended; before anybody else hears of it. */
    void ended(ExitStatus status);

    /** A notice, in the form that the terminal can take now. */
    byte[] notice(String line, boolean fullScreen);
  }

  // One person alone slows the process down; among several, who is slow loses output.
  private static final Duration PATIENCE_ALONE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration STALLED = Duration.ofSeconds(10);
  private static final int TAKEN_OVER = 255;
  private static final int NOTICES_HELD_BACK = 3;
  private static final byte[] PLAIN = "\u001b[0m".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FULL_SCREEN =
      "\u001b[0m\u001b[?1049h\u001b[2J\u001b[H".getBytes(StandardCharsets.US_ASCII);

  private final Owner owner;
  private final boolean survives;
  private final @Nullable ScreenState screen;
  private final @Nullable Ring ring;
  private final Pace pace;
  private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
  private final Stalled stalled = new Stalled();
  private final ReentrantLock speaking = new ReentrantLock();
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable SessionStreams client;
  private volatile @Nullable Cast cast;
  private volatile long bytesOut;
  private volatile long lastNanos = System.nanoTime();
  private boolean over;
  private long seen = Long.MAX_VALUE;
  private long fullScreenLeft;

  /**
   * @param token what the session's own processes know; blank without a terminal
   * @param survives whether the process goes on when the client is gone
   */
  SessionOutput(
      Owner owner,
      SessionStreams client,
      String token,
      boolean survives,
      EngineSettings.Rate most) {
    this.owner = owner;
    this.client = client;
    this.survives = survives;
    this.screen = token.isEmpty() ? null : new ScreenState(token);
    this.ring = token.isEmpty() ? null : new Ring();
    this.pace = new Pace(most);
  }

  /** From now on it is written down as well. */
  void record(Cast recording) {
    cast = recording;
  }

  long bytesOut() {
    return bytesOut;
  }

  /** When the process last said something, on the monotonic clock. */
  long lastNanos() {
    return lastNanos;
  }

  boolean hasClient() {
    return client != null;
  }

  long count(Mode mode) {
    return viewers.stream().filter(viewer -> viewer.mode() == mode).count();
  }

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    speak(bytes, false);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws IOException, InterruptedException {
    speak(bytes, true);
  }

  private void speak(ByteBuffer bytes, boolean error) throws IOException, InterruptedException {
    int count = bytes.remaining();
    speaking.lock();
    try {
      if (over) {
        bytes.position(bytes.limit());
        return;
      }
      if (screen == null) {
        pass(bytes, error);
      } else {
        boolean full = screen.alternate();
        screen.read(bytes, toEverybody);
        if (full && !screen.alternate() && ring != null) {
          fullScreenLeft = ring.written();
        }
      }
      sayWhatWaits(false);
    } finally {
      speaking.unlock();
    }
    pace.hold(count);
  }

  private final ScreenState.Sink toEverybody =
      new ScreenState.Sink() {

        @Override
        public void text(ByteBuffer bytes) throws IOException, InterruptedException {
          pass(bytes, false);
        }

        @Override
        public void command(String words) throws IOException, InterruptedException {
          owner.asked(words);
        }
      };

  private void pass(ByteBuffer bytes, boolean error) throws IOException, InterruptedException {
    counted(bytes.remaining());
    lastNanos = System.nanoTime();
    Cast recording = cast;
    if (ring == null && recording == null) {
      toClient(bytes, error);
      return;
    }
    ByteBuffer kept = bytes.duplicate();
    toClient(bytes, error);
    if (ring != null) {
      ring.append(kept.duplicate());
    }
    toViewers(kept);
    if (recording != null) {
      recording.output(kept);
    }
  }

  private void toClient(ByteBuffer bytes, boolean error) throws IOException, InterruptedException {
    SessionStreams now = client;
    if (now == null) {
      bytes.position(bytes.limit());
      return;
    }
    stalled.begin();
    try {
      if (error) {
        now.stderr(bytes);
      } else {
        now.stdout(bytes);
      }
    } catch (IOException e) {
      if (!survives) {
        throw e;
      }
      // The connection is lost, and the door is about to say so; the process goes on.
      clientGone();
      bytes.position(bytes.limit());
    } catch (InterruptedException e) {
      if (!stalled.wasGivenUp()) {
        throw e;
      }
      clientGone();
      bytes.position(bytes.limit());
      now.ended(
          new ExitStatus.Failed(TAKEN_OVER, "this terminal did not read: another has joined"));
    } finally {
      stalled.end();
    }
  }

  private void toViewers(ByteBuffer bytes) throws InterruptedException {
    if (viewers.isEmpty()) {
      return;
    }
    boolean alone = client == null && viewers.size() == 1;
    for (Viewer viewer : viewers) {
      viewer.offer(
          bytes.duplicate(),
          viewer.mode() == Mode.WATCH ? Duration.ZERO : alone ? PATIENCE_ALONE : PATIENCE);
    }
  }

  // Only the one who holds the lock counts; anybody may read.
  @SuppressWarnings("NonAtomicOperationOnVolatileField")
  private void counted(int more) {
    bytesOut += more;
  }

  /** What was said in an earlier life of the agent: kept as if it had been heard. */
  void remember(ByteBuffer bytes) throws IOException, InterruptedException {
    if (screen == null || ring == null) {
      return;
    }
    speaking.lock();
    try {
      boolean full = screen.alternate();
      screen.read(
          bytes,
          new ScreenState.Sink() {
            @Override
            public void text(ByteBuffer text) {
              ring.append(text);
            }

            @Override
            public void command(String words) {
              // It was answered, or nobody waits for the answer any more.
            }
          });
      if (full && !screen.alternate()) {
        fullScreenLeft = ring.written();
      }
      seen = ring.written();
    } finally {
      speaking.unlock();
    }
  }

  /** The session's own client hears nothing from now on. */
  void clientGone() {
    client = null;
    if (ring != null && seen == Long.MAX_VALUE) {
      seen = ring.written();
    }
  }

  /** Shows what was on the screen to somebody who comes now, and all that comes after. */
  void join(Viewer viewer, int rows) throws SessionRefusedException, InterruptedException {
    long end = System.nanoTime() + 2 * STALLED.toNanos();
    // Who does not read at all holds the process up, and is given up for the one who comes.
    while (!speaking.tryLock(1, TimeUnit.SECONDS)) {
      if (survives) {
        stalled.giveUpAfter(STALLED);
      }
      if (System.nanoTime() - end > 0) {
        throw new SessionRefusedException(
            "its own terminal does not read, and holds it up: try again, or 'lifeline end ID'");
      }
    }
    try {
      if (screen != null && screen.alternate()) {
        viewer.offer(ByteBuffer.wrap(FULL_SCREEN), Duration.ZERO);
      } else if (ring != null) {
        viewer.offer(ByteBuffer.wrap(PLAIN), Duration.ZERO);
        byte[] before = ring.since(Math.min(seen, ring.written()), rows, fullScreenLeft);
        viewer.offer(ByteBuffer.wrap(before), Duration.ZERO);
      }
      viewers.add(viewer);
      if (viewer.mode() == Mode.JOIN) {
        seen = Long.MAX_VALUE;
      }
    } finally {
      speaking.unlock();
    }
  }

  /** He sees no more of it. */
  boolean leave(Viewer viewer) {
    boolean was = viewers.remove(viewer);
    if (was && client == null && ring != null && count(Mode.JOIN) == 0) {
      seen = Math.min(seen, ring.written());
    }
    return was;
  }

  /** Whether a full-screen program is at work. */
  boolean isFullScreen() {
    return screen != null && screen.alternate();
  }

  /** Text of the engine's own, for a person who asked for it; the lock's holder only. */
  void tell(byte[] text) throws IOException, InterruptedException {
    pass(ByteBuffer.wrap(text), false);
  }

  /** Leaves a line to be said between the process's own words. Does not block. */
  void leaveNotice(String line) {
    waiting.add(line);
  }

  /**
   * Says what was left. May block for as long as the client does not read; when another thread is
   * blocked there already, that one will say it.
   */
  void sayNow() throws IOException, InterruptedException {
    int before = -1;
    while (!waiting.isEmpty() && waiting.size() != before && speaking.tryLock()) {
      try {
        before = waiting.size();
        sayWhatWaits(false);
      } finally {
        speaking.unlock();
      }
    }
  }

  private void sayWhatWaits(boolean atOnce) throws IOException, InterruptedException {
    if (waiting.isEmpty()) {
      return;
    }
    if (screen != null && !screen.quiet() && !atOnce && waiting.size() <= NOTICES_HELD_BACK) {
      return;
    }
    for (String line = waiting.poll(); line != null; line = waiting.poll()) {
      if (!over) {
        say(line);
      }
    }
  }

  private void say(String line) throws IOException, InterruptedException {
    ByteBuffer text = ByteBuffer.wrap(owner.notice(line, isFullScreen()));
    counted(text.remaining());
    Cast recording = cast;
    ByteBuffer kept = text.duplicate();
    toClient(text, screen == null);
    toViewers(kept);
    if (recording != null) {
      recording.output(kept);
    }
  }

  @Override
  public void inputWanted() {
    owner.inputWanted();
    SessionStreams now = client;
    if (now != null) {
      now.inputWanted();
    }
    viewers.forEach(Viewer::inputWanted);
  }

  @Override
  public void ended(ExitStatus status) {
    speaking.lock();
    try {
      sayWhatWaits(true);
    } catch (IOException e) {
      // The client is gone; its end is told all the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
      speaking.unlock();
    }
    owner.ended(status);
    SessionStreams now = client;
    if (now != null) {
      now.ended(status);
    }
    for (Viewer viewer : viewers) {
      viewer.finish(viewer.mode() == Mode.WATCH ? new ExitStatus.Exited(0) : status);
    }
  }
}
