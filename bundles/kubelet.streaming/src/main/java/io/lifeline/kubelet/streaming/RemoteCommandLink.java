package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one session to one connection, whatever its protocol.
 *
 * <p>Two threads meet here. The session's own calls what {@link SessionStreams} says: output is
 * copied once, behind its frame's header, and blocks while the channel is above its high water
 * mark. Everything else runs on the event loop and never blocks: input that the process does not
 * take is held, and when that is much the connection is not read any more.
 */
final class RemoteCommandLink implements SessionStreams {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteCommandLink.class);

  private final ChannelHandlerContext out;
  private final Framing framing;
  private final RemoteCommand target;
  private final OutputQueue output;

  private final ReadHold reading;
  private final HeldInput held = new HeldInput();
  private final ReadPace pace = new ReadPace();
  private @Nullable Session session;
  private @Nullable TerminalSize size;
  private boolean inputEnded;
  private boolean inputClosed;
  private boolean lost;
  private boolean ended;

  /**
   * @param out from here finished frames are written: behind it stands TLS, or a tunnel
   */
  RemoteCommandLink(ChannelHandlerContext out, Framing framing, RemoteCommand target) {
    this.out = out;
    this.framing = framing;
    this.target = target;
    this.output = new OutputQueue(out);
    this.reading = new ReadHold(out, framing::keepAlive);
  }

  // From the session's thread.

  @Override
  public void stdout(ByteBuffer bytes) throws IOException, InterruptedException {
    output(StreamName.STDOUT, target.stdout(), bytes);
  }

  @Override
  public void stderr(ByteBuffer bytes) throws IOException, InterruptedException {
    output(StreamName.STDERR, target.stderr(), bytes);
  }

  private void output(StreamName stream, boolean wanted, ByteBuffer bytes)
      throws IOException, InterruptedException {
    if (!wanted) {
      bytes.position(bytes.limit());
      return;
    }
    while (bytes.hasRemaining()) {
      output.awaitRoom();
      output.add(framing.frame(out.alloc(), stream, bytes));
    }
  }

  @Override
  public void inputWanted() {
    onLoop(this::pump);
  }

  @Override
  public void ended(ExitStatus status) {
    onLoop(() -> end(status));
  }

  /** The event loop refuses only when the server has gone, and every connection with it. */
  private void onLoop(Runnable task) {
    try {
      out.executor().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("The server has stopped; a session's end is told to nobody", e);
    }
  }

  // On the event loop.

  /** All streams are there: opens the session. */
  void open() {
    target
        .opener()
        .open(this)
        .whenComplete(
            (opened, failure) -> {
              if (opened != null) {
                onLoop(() -> opened(opened));
              } else {
                String why = failure == null ? "no session" : String.valueOf(failure.getMessage());
                ended(new ExitStatus.Failed(255, why));
              }
            });
  }

  private void opened(Session opened) {
    if (lost) {
      opened.lost();
      return;
    }
    session = opened;
    if (size != null) {
      opened.resize(size);
    }
    pump();
  }

  /** Input from the client; owns the bytes. */
  void input(ByteBuf bytes) {
    if (ended || lost || inputEnded || !target.stdin()) {
      bytes.release();
    } else {
      pace.read(bytes.readableBytes());
      held.add(out.alloc(), bytes);
      if (held.isMuch() && held.isFresh()) {
        pump();
      }
      if (held.isMuch()) {
        reading.hold();
      }
    }
  }

  /** What could be read now was handed over: it goes to the process in as few pieces as can be. */
  void readComplete() {
    if (held.isFresh()) {
      pump();
    }
    pace.complete();
  }

  /** The client has no more input. */
  void inputEnded() {
    inputEnded = true;
    pump();
  }

  void resize(TerminalSize to) {
    size = to;
    if (session != null) {
      session.resize(to);
    }
  }

  void writabilityChanged() {
    output.roomMayHaveCome();
  }

  /** The connection is gone. */
  void lost() {
    lost = true;
    output.close();
    release();
    if (session != null && !ended) {
      session.lost();
    }
  }

  private void pump() {
    Session live = session;
    if (live == null || ended || lost) {
      return;
    }
    held.offerTo(live::stdin);
    if (held.isLittle()) {
      reading.resume();
    }
    if (inputEnded && held.isEmpty() && !inputClosed) {
      inputClosed = true;
      live.closeStdin();
    }
  }

  private void end(ExitStatus status) {
    if (ended) {
      return;
    }
    ended = true;
    release();
    if (!lost) {
      // What still comes is read and dropped: a peer that cannot write does not read either.
      framing.end(status);
    }
  }

  private void release() {
    held.clear();
    reading.resume();
  }
}
