package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.kubelet.api.StreamTarget.Verb;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionStreams;
import io.lifeline.session.api.TerminalSize;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An exec that nobody asked for, on a channel that leads nowhere, with a process that is none. */
final class Rehearsal implements Session {

  private static final byte[] WORDS =
      "{\"Width\":80,\"Height\":24}".getBytes(StandardCharsets.UTF_8);

  private final EmbeddedChannel channel = unpooled();
  private SessionStreams streams;

  @SuppressWarnings("NullAway.Init") // The opener sets the streams before they are used.
  private Rehearsal() {}

  /** A pool of Netty's own making takes 4 MiB of the heap for the few bytes of a rehearsal. */
  private static EmbeddedChannel unpooled() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(UnpooledByteBufAllocator.DEFAULT);
    return channel;
  }

  static void spdy(StreamingSettings settings) {
    Rehearsal rehearsal = new Rehearsal();
    EmbeddedChannel channel = rehearsal.channel;
    SpdyStreaming.pipeline(
        channel.pipeline(),
        front -> new SpdyRemoteCommand(front, settings, rehearsal.target(), SpdyRemoteProtocol.V4));
    StreamName[] names = {StreamName.ERROR, StreamName.STDIN, StreamName.STDOUT, StreamName.RESIZE};
    for (int i = 0; i < names.length; i++) {
      channel.writeInbound(SpdyFrames.open(channel.alloc(), 2 * i + 1, i == 0, names[i]));
    }
    for (int stream : new int[] {7, 3}) {
      channel.writeInbound(
          SpdyFrames.data(channel.alloc(), stream, ByteBuffer.wrap(WORDS)),
          SpdyFrames.ping(channel.alloc(), 1));
    }
    rehearsal.speakAndEnd();
  }

  static void webSocket(StreamingSettings settings) {
    Rehearsal rehearsal = new Rehearsal();
    EmbeddedChannel channel = rehearsal.channel;
    ChannelHandler front = new Front();
    channel.pipeline().addLast(front);
    channel
        .pipeline()
        .addLast(
            new WebSocketRemoteCommand(
                channel.pipeline().context(front),
                settings,
                rehearsal.target(),
                ChannelProtocol.V5));
    channel.writeInbound(masked(StreamName.RESIZE), masked(StreamName.STDIN));
    rehearsal.speakAndEnd();
  }

  /** A client's message; its mask is of zeros. */
  private static ByteBuf masked(StreamName name) {
    return Unpooled.buffer()
        .writeByte(0x80 | WebSocketDecoder.BINARY)
        .writeByte(0x80 | WORDS.length + 1)
        .writeInt(0)
        .writeByte(name.channel())
        .writeBytes(WORDS);
  }

  private RemoteCommand target() {
    return new RemoteCommand(
        Verb.EXEC,
        List.of("rehearsal"),
        true,
        true,
        false,
        true,
        opened -> {
          streams = opened;
          return CompletableFuture.completedFuture(this);
        });
  }

  private void speakAndEnd() {
    try {
      channel.runPendingTasks();
      streams.stdout(ByteBuffer.wrap(WORDS));
      streams.ended(new ExitStatus.Exited(1));
      channel.runPendingTasks();
    } catch (IOException e) {
      throw new IllegalStateException("a channel that leads nowhere has failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  @Override
  public boolean stdin(ByteBuffer bytes) {
    bytes.position(bytes.limit());
    return true;
  }

  @Override
  public void closeStdin() {}

  @Override
  public void resize(TerminalSize size) {}

  @Override
  public void signal(int signal) {}

  @Override
  public void close() {}

  @Override
  public SessionInfo info() {
    return new SessionInfo(
        "rehearsal", Door.KUBELET, "nobody", List.of("rehearsal"), true, Duration.ZERO);
  }
}
