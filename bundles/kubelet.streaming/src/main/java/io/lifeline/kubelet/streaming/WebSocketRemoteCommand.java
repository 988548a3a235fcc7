package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.RemoteCommand;
import io.lifeline.session.api.ExitStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A remote command over WebSocket: the first byte of each message is its channel. The end is the
 * status on the error channel, then a close frame; the peer's is awaited before TCP closes.
 */
final class WebSocketRemoteCommand extends WebSocketConnection implements Framing {

  private static final int NEW_MESSAGE = -1;
  private static final int CLOSE_SIGNAL = 255;

  private final RemoteCommand target;
  private final ChannelProtocol protocol;
  private final ChannelCoding coding;
  private final RemoteCommandLink link;
  private final ResizeParser resize;
  private final Base64Stream base64 = new Base64Stream();
  private int channel = NEW_MESSAGE;

  WebSocketRemoteCommand(
      ChannelHandlerContext front,
      StreamingSettings settings,
      RemoteCommand target,
      ChannelProtocol protocol) {
    super(front, settings);
    this.target = target;
    this.protocol = protocol;
    this.coding = protocol.coding();
    this.link = new RemoteCommandLink(out(), this, target);
    this.resize = new ResizeParser(link::resize);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    // HTTP's codec is still in front, and would drop it.
    context.executor().execute(this::begin);
  }

  private void begin() {
    if (protocol.saysItStands()) {
      StreamName first =
          target.stdout()
              ? StreamName.STDOUT
              : target.stderr() ? StreamName.STDERR : StreamName.ERROR;
      out().writeAndFlush(coding.frame(out().alloc(), first.channel(), ByteBuffer.allocate(0)));
    }
    link.open();
  }

  @Override
  public void message(ByteBuf part, boolean first) {
    if (first) {
      channel = NEW_MESSAGE;
      base64.clear();
    }
    if (channel == NEW_MESSAGE) {
      if (!part.isReadable()) {
        return;
      }
      channel = coding.channel(part.readUnsignedByte());
    }
    if (!part.isReadable()) {
      return;
    }
    if (channel == CLOSE_SIGNAL && protocol.halfCloses()) {
      if (part.readUnsignedByte() == StreamName.STDIN.channel()) {
        link.inputEnded();
      }
    } else if (channel == StreamName.STDIN.channel()) {
      link.input(protocol.base64() ? base64.decode(out().alloc(), part) : part.retain());
    } else if (channel == StreamName.RESIZE.channel()) {
      resizeTo(part);
    }
  }

  private void resizeTo(ByteBuf part) {
    if (!protocol.base64()) {
      resize.feed(part);
      return;
    }
    ByteBuf decoded = base64.decode(out().alloc(), part);
    try {
      resize.feed(decoded);
    } finally {
      decoded.release();
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
    return coding.frame(allocator, stream.channel(), bytes);
  }

  @Override
  public void keepAlive() {
    // Unasked-for pongs are allowed (RFC 6455, 5.5.3), and kubectl counts any as a sign of life.
    sendControl(WebSocketDecoder.PONG, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void end(ExitStatus status) {
    String text =
        protocol.jsonStatus()
            ? StatusText.json(target.verb(), status)
            : StatusText.plain(target.verb(), status);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      out().write(coding.frame(out().alloc(), StreamName.ERROR.channel(), bytes));
    }
    goodbye(WebSocketFrames.NORMAL);
  }
}
