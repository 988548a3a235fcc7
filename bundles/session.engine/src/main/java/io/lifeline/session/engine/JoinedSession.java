package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A second window on a session of somebody else's. */
final class JoinedSession implements Session {

  /** Ctrl-], as in telnet: leaves, and is not passed on. */
  static final byte DETACH = 0x1d;

  // What a full-screen program may have turned on: screen, mouse, paste marks, keys, cursor.
  private static final String SCREEN_BACK =
      "\u001b[?1049l\u001b[?1000;1002;1003;1006l\u001b[?2004l\u001b[?1l\u001b>\u001b[?25h";

  private final LiveSession target;
  private final Viewer viewer;
  private final JoinRequest request;
  private final AtomicBoolean left = new AtomicBoolean();

  JoinedSession(LiveSession target, Viewer viewer, JoinRequest request) {
    this.target = target;
    this.viewer = viewer;
    this.request = request;
  }

  Viewer viewer() {
    return viewer;
  }

  JoinRequest request() {
    return request;
  }

  @Override
  public SessionInfo info() {
    return target.info();
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      if (bytes.get(i) == DETACH) {
        ByteBuffer before = bytes.duplicate();
        before.limit(i);
        type(before);
        bytes.position(bytes.limit());
        close();
        return true;
      }
    }
    return type(bytes);
  }

  private boolean type(ByteBuffer bytes) {
    if (mayType()) {
      return target.stdin(bytes);
    }
    bytes.position(bytes.limit());
    return true;
  }

  private boolean mayType() {
    return viewer.mode() == Mode.JOIN && !left.get();
  }

  /** The session's input is not this one's to end. */
  @Override
  public void closeStdin() {}

  @Override
  public void resize(TerminalSize size) {
    if (mayType()) {
      target.window(this, size);
    }
  }

  @Override
  public void signal(int signal) {
    if (mayType()) {
      target.signal(signal);
    }
  }

  @Override
  public void close() {
    if (left.compareAndSet(false, true)) {
      target.leave(this, "left");
      farewell("left " + target.id());
      viewer.finish(new ExitStatus.Exited(0));
    }
  }

  @Override
  public void lost() {
    if (left.compareAndSet(false, true)) {
      target.leave(this, "connection lost");
    }
    viewer.lost();
  }

  /** The session itself has ended; its streams hear it by themselves. */
  void over() {
    if (left.compareAndSet(false, true)) {
      farewell(target.id() + " has ended");
    }
  }

  private void farewell(String what) {
    String back = target.output().isFullScreen() ? SCREEN_BACK : "";
    String text = back + "\u001b[0m\r\n[" + what + "]\r\n";
    try {
      viewer.offer(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
