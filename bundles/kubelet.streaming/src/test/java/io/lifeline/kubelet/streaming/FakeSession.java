package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.kubelet.api.StreamTarget.Verb;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A session that takes as much as it is told to. */
final class FakeSession implements Session {

  final ByteArrayOutputStream input = new ByteArrayOutputStream();
  final List<TerminalSize> sizes = new ArrayList<>();
  SessionStreams streams;
  int room = Integer.MAX_VALUE;
  boolean inputClosed;
  boolean closed;
  boolean lost;

  RemoteCommand target(boolean tty) {
    return new RemoteCommand(
        Verb.EXEC,
        List.of("cat"),
        true,
        true,
        !tty,
        tty,
        opened -> {
          streams = opened;
          return CompletableFuture.completedFuture(this);
        });
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    byte[] some = new byte[Math.min(room, bytes.remaining())];
    bytes.get(some);
    input.writeBytes(some);
    room -= some.length;
    return !bytes.hasRemaining();
  }

  @Override
  public void closeStdin() {
    inputClosed = true;
  }

  @Override
  public void resize(TerminalSize size) {
    sizes.add(size);
  }

  @Override
  public void signal(int signal) {}

  @Override
  public void lost() {
    lost = true;
    closed = true;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public SessionInfo info() {
    throw new UnsupportedOperationException();
  }
}
