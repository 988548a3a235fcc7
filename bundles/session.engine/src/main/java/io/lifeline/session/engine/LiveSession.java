package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionState;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A session from its opening to its end. */
final class LiveSession implements Session, SessionOutput.Owner {

  private final Beginning beginning;
  private final SessionRequest request;
  private final House house;
  private final boolean survives;
  private final SessionOutput output;
  private final Windows windows = new Windows();
  private final List<JoinedSession> joined = new CopyOnWriteArrayList<>();
  private final AtomicLong bytesIn = new AtomicLong();
  private final OwedAnswer answer = new OwedAnswer();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile long typedNanos = System.nanoTime();
  private volatile long aloneNanos = typedNanos;
  private volatile String endedBy = "";
  private volatile boolean hungUp;
  private volatile boolean away;
  private volatile @Nullable JoinedSession elsewhere;
  private volatile @Nullable ContainerProcess process;
  private volatile @Nullable Cast cast;

  LiveSession(
      Beginning beginning,
      SessionRequest request,
      SessionStreams client,
      House house,
      EngineSettings settings) {
    ProcessSpec spec = request.process();
    this.beginning = beginning;
    this.request = request;
    this.house = house;
    this.survives =
        spec.tty()
            && spec.stdin()
            && request.verb() == SessionRequest.Verb.EXEC
            && !settings.detached().life().isZero()
            && settings.detached().most() > 0;
    this.output =
        new SessionOutput(
            this,
            client,
            spec.tty() ? beginning.token() : "",
            survives,
            settings.limits().kibPerSecond());
    spec.size().ifPresent(size -> windows.put(this, size));
  }

  /** One that an earlier life of the agent opened; its client is gone. */
  static LiveSession resumed(KeptSession kept, House house, EngineSettings settings) {
    LiveSession session =
        new LiveSession(Beginning.of(kept), kept.request(), Resumption.nobody(), house, settings);
    session.output.clientGone();
    return session;
  }

  String id() {
    return beginning.id();
  }

  SessionOutput output() {
    return output;
  }

  SessionRequest request() {
    return request;
  }

  long bytesIn() {
    return bytesIn.get();
  }

  boolean isTerminal() {
    return request.process().tty();
  }

  /** Why it was ended, when not by its own process. */
  String endedBy() {
    return endedBy;
  }

  /** The process with what it must know to ask for something. */
  ProcessSpec process() {
    return beginning.known(request.process());
  }

  /** Whether it lives on when its client is gone. */
  boolean survives() {
    return survives;
  }

  /** What the next life of the agent must know of it. */
  KeptSession kept(String life) {
    return beginning.kept(request, life);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Its process has been started; it may have ended already. */
  void started(ContainerProcess running) {
    process = running;
    if (hungUp) {
      close(running);
    }
  }

  /** From now on it is written down. */
  void record(Cast recording) {
    cast = recording;
    output.record(recording);
  }

  /** Nothing more is written down. */
  void recorded() {
    Cast recording = cast;
    if (recording != null) {
      recording.close();
    }
  }

  /** Waits for its end; says whether it came. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    return over.await(nanos, TimeUnit.NANOSECONDS);
  }

  Duration idle() {
    return Duration.ofNanos(
        Math.max(0, System.nanoTime() - Math.max(typedNanos, output.lastNanos())));
  }

  /** Nobody is there who could type. */
  boolean isAlone() {
    return !output.hasClient() && output.count(Mode.JOIN) == 0;
  }

  /** When nobody was there any more, on the monotonic clock. */
  long aloneSince() {
    return aloneNanos;
  }

  /** How long nobody has been there. */
  Duration alone() {
    return Duration.ofNanos(isAlone() ? System.nanoTime() - aloneNanos : 0);
  }

  /** Whether its terminal shows another session now. */
  boolean isElsewhere() {
    return away;
  }

  /** Its terminal is about to show another session. */
  void leaves() {
    away = true;
  }

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        beginning.id(),
        request.door(),
        request.who().name(),
        request.process().command(),
        isTerminal(),
        beginning.age(),
        hungUp ? SessionState.ENDING : isAlone() ? SessionState.DETACHED : SessionState.OPEN,
        idle(),
        isTerminal() ? windows.smallest() : Optional.empty(),
        new SessionInfo.Traffic(bytesIn.get(), output.bytesOut()),
        new SessionInfo.Others((int) output.count(Mode.JOIN), (int) output.count(Mode.WATCH)));
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    JoinedSession there = elsewhere;
    return there == null ? type(bytes) : there.stdin(bytes);
  }

  /** Keys for this session's own process. */
  boolean type(ByteBuffer bytes) {
    ContainerProcess running = process;
    if (running == null) {
      return false;
    }
    typedNanos = System.nanoTime();
    int before = bytes.position();
    boolean all = running.stdin(bytes);
    bytesIn.addAndGet(bytes.position() - before);
    Cast recording = cast;
    if (recording != null) {
      ByteBuffer taken = bytes.duplicate();
      taken.limit(bytes.position()).position(before);
      recording.input(taken);
    }
    return all;
  }

  @Override
  public void closeStdin() {
    ContainerProcess running = process;
    // Who never had an input ends nobody's.
    if (running != null && request.process().stdin()) {
      running.closeStdin();
    }
  }

  /** Closes its process; a main process, which lives on, hears no more of this client. */
  private void close(ContainerProcess running) {
    if (request.verb() == SessionRequest.Verb.ATTACH) {
      closeStdin();
    }
    running.close();
  }

  @Override
  public void resize(TerminalSize size) {
    window(this, size);
  }

  /** A window on it has this size; the smallest rules. */
  void window(Object window, TerminalSize size) {
    windows.put(window, size);
    resized();
  }

  private void resized() {
    ContainerProcess running = process;
    Optional<TerminalSize> size = windows.smallest();
    if (size.isPresent()) {
      if (running != null) {
        running.resize(size.get());
      }
      Cast recording = cast;
      if (recording != null) {
        recording.resized(size.get());
      }
      JoinedSession there = elsewhere;
      if (there != null) {
        there.resize(size.get());
      }
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
    JoinedSession there = elsewhere;
    if (there != null) {
      there.close();
    }
    ContainerProcess running = process;
    if (running != null) {
      close(running);
    }
  }

  /**
   * @param why for the audit log
   */
  void close(String why) {
    if (endedBy.isEmpty()) {
      endedBy = why;
    }
    close();
  }

  @Override
  public void lost() {
    JoinedSession there = elsewhere;
    if (there != null) {
      there.lost();
    }
    if (!survives || hungUp) {
      close("connection lost");
      return;
    }
    output.clientGone();
    windows.remove(this);
    resized();
    aloneNanos = System.nanoTime();
    house.detached(this);
  }

  /** Lets somebody in; the viewer is not started yet. */
  JoinedSession join(JoinRequest request, Viewer viewer)
      throws SessionRefusedException, InterruptedException {
    JoinedSession session = new JoinedSession(this, viewer, request);
    output.join(viewer, windows.smallestOrUsual().rows());
    joined.add(session);
    if (over.getCount() == 0) {
      // It has ended in this moment, and nobody would say so.
      viewer.finish(new ExitStatus.Exited(0));
    }
    Optional<TerminalSize> before = windows.smallest();
    if (viewer.mode() == Mode.JOIN && request.size().isPresent()) {
      window(session, request.size().get());
    }
    if (output.isFullScreen() && before.equals(windows.smallest())) {
      windows.repaint(process);
    }
    return session;
  }

  void leave(JoinedSession who, String how) {
    joined.remove(who);
    output.leave(who.viewer());
    windows.remove(who);
    resized();
    if (isAlone()) {
      aloneNanos = System.nanoTime();
    }
    house.left(this, who, how);
  }

  /** From now on its terminal shows another session, until that ends or is left. */
  void goElsewhere(JoinedSession there) {
    elsewhere = there;
  }

  /** Its terminal shows its own process again, which waits for the answer. */
  void back(boolean well) {
    away = false;
    elsewhere = null;
    answered(well);
  }

  /** The {@code lifeline} command in the container goes on. */
  void answered(boolean well) {
    answer.owe(well);
    answer.give(process);
  }

  Optional<TerminalSize> size() {
    return windows.smallest();
  }

  @Override
  public void asked(String words) throws IOException, InterruptedException {
    house.asked(this, words);
  }

  @Override
  public void inputWanted() {
    answer.give(process);
  }

  @Override
  public void ended(ExitStatus status) {
    JoinedSession there = elsewhere;
    if (there != null) {
      there.close();
    }
    house.ended(this, status);
    joined.forEach(JoinedSession::over);
    over.countDown();
  }

  @Override
  public byte[] notice(String line, boolean fullScreen) {
    return Notice.of(line, isTerminal(), fullScreen, windows.smallestOrUsual());
  }

  /** Text for the person at its terminal. */
  void tell(String text) throws IOException, InterruptedException {
    output.tell(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
  }
}
