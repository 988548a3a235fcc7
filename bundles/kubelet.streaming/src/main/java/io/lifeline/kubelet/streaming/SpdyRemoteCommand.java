package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.session.api.ExitStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A remote command over SPDY/3.1. The client opens a stream for each channel it asked for; when all
 * are there the session starts. The end is told by FINs and the status; closing is the client's,
 * because what it still sends would meet a reset and take our last words with it.
 */
final class SpdyRemoteCommand extends SpdyConnection implements Framing {

  private static final int NONE = 0;

  private final RemoteCommand target;
  private final SpdyRemoteProtocol protocol;
  private final Set<StreamName> awaited;
  private final int[] ids = new int[StreamName.values().length];
  private final ResizeParser resize;
  private final RemoteCommandLink link;

  SpdyRemoteCommand(
      ChannelHandlerContext front,
      StreamingSettings settings,
      RemoteCommand target,
      SpdyRemoteProtocol protocol) {
    super(front, settings);
    this.target = target;
    this.protocol = protocol;
    this.awaited = expected(target, protocol);
    this.link = new RemoteCommandLink(out(), this, target);
    this.resize = new ResizeParser(link::resize);
  }

  private static Set<StreamName> expected(RemoteCommand target, SpdyRemoteProtocol protocol) {
    EnumSet<StreamName> names = EnumSet.of(StreamName.ERROR);
    if (target.stdin()) {
      names.add(StreamName.STDIN);
    }
    if (target.stdout()) {
      names.add(StreamName.STDOUT);
    }
    if (target.stderr()) {
      names.add(StreamName.STDERR);
    }
    if (target.tty() && protocol.resizes()) {
      names.add(StreamName.RESIZE);
    }
    return names;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context
        .executor()
        .schedule(
            () -> {
              if (!awaited.isEmpty()) {
                fail("the client has not opened the streams %s in time".formatted(awaited));
              }
            },
            settings().creation().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  void stream(int stream, Map<String, String> headers, boolean last) {
    String type = headers.getOrDefault("streamtype", "");
    StreamName name = StreamName.ofHeader(type).orElse(null);
    if (name == null || !awaited.remove(name)) {
      fail("a stream that was not asked for: '%s'".formatted(type));
      return;
    }
    ids[name.ordinal()] = stream;
    accept(stream);
    if (last && name == StreamName.STDIN) {
      link.inputEnded();
    }
    if (awaited.isEmpty()) {
      noMoreStreams();
      link.open();
    }
  }

  @Override
  public void data(int stream, ByteBuf part, boolean last) {
    if (stream == ids[StreamName.STDIN.ordinal()]) {
      if (part.isReadable()) {
        link.input(part.retain());
      }
      if (last) {
        link.inputEnded();
      }
    } else if (stream == ids[StreamName.RESIZE.ordinal()]) {
      resize.feed(part);
    }
  }

  @Override
  public void reset(int stream) {
    if (stream == ids[StreamName.STDIN.ordinal()]) {
      link.inputEnded();
    } else if (stream != ids[StreamName.RESIZE.ordinal()] && !saidGoodbye()) {
      // Nobody wants the output any more: as if the connection were gone.
      out().channel().close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    super.channelReadComplete(reading);
    link.readComplete();
  }

  @Override
  void writabilityChanged() {
    link.writabilityChanged();
  }

  @Override
  void lost() {
    link.lost();
  }

  @Override
  public ByteBuf frame(ByteBufAllocator allocator, StreamName stream, ByteBuffer bytes) {
    return SpdyFrames.data(allocator, ids[stream.ordinal()], bytes);
  }

  @Override
  public void keepAlive() {
    sayPing();
  }

  @Override
  public void end(ExitStatus status) {
    fin(StreamName.STDOUT);
    fin(StreamName.STDERR);
    int error = ids[StreamName.ERROR.ordinal()];
    String text =
        protocol.jsonStatus()
            ? StatusText.json(target.verb(), status)
            : StatusText.plain(target.verb(), status);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      out().write(SpdyFrames.data(out().alloc(), error, bytes));
    }
    out().write(SpdyFrames.fin(out().alloc(), error));
    goodbye();
  }

  private void fin(StreamName name) {
    if (ids[name.ordinal()] != NONE) {
      out().write(SpdyFrames.fin(out().alloc(), ids[name.ordinal()]));
    }
  }
}
