package io.lifeline.kubelet.streaming;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a SPDY/3.1 connection. Flow control is TCP's: API servers neither send nor
 * heed WINDOW_UPDATE (with one, output would stop at 65,536 bytes), so that a session handler that
 * counts windows cannot be used. Event loop only.
 */
abstract class SpdyConnection extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(SpdyConnection.class);

  private final ChannelHandlerContext out;
  private final StreamingSettings settings;
  private ChannelHandlerContext context;
  private boolean goodbye;

  /**
   * @param codec the codec's own context: what is written from it goes around the codec
   */
  SpdyConnection(ChannelHandlerContext codec, StreamingSettings settings) {
    this.out = codec;
    this.settings = settings;
    this.context = codec;
  }

  /** The client opens a stream: answer it with a reply or a reset. */
  abstract void opened(SpdySynStreamFrame frame);

  /** Data on any stream; retain what is kept. */
  abstract void data(SpdyDataFrame frame);

  abstract void reset(SpdyRstStreamFrame frame);

  abstract void writabilityChanged();

  /** The connection is gone. Called once. */
  abstract void lost();

  final StreamingSettings settings() {
    return settings;
  }

  final ChannelHandlerContext context() {
    return context;
  }

  /** Frames that are bytes already are written from here. */
  final ChannelHandlerContext out() {
    return out;
  }

  /** Writes a control frame through the codec. */
  final void send(SpdyFrame frame) {
    context.write(frame, context.voidPromise());
  }

  final boolean saidGoodbye() {
    return goodbye;
  }

  /**
   * After the last frame was written: reads on and drops what comes until the client closes, or for
   * a limited time once it has received everything.
   */
  final void goodbye() {
    goodbye = true;
    out.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            done ->
                out.executor()
                    .schedule(
                        () -> context.close(),
                        settings.goodbye().toMillis(),
                        TimeUnit.MILLISECONDS));
  }

  final void fail(String why) {
    if (context.channel().isActive()) {
      LOG.warn(
          "Closing the streaming connection from {}: {}", context.channel().remoteAddress(), why);
      context.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    try {
      if (message instanceof SpdyDataFrame data) {
        data(data);
      } else if (message instanceof SpdySynStreamFrame stream) {
        accept(stream);
      } else if (message instanceof SpdyRstStreamFrame reset) {
        reset(reset);
      } else if (message instanceof SpdyPingFrame ping && ping.id() % 2 != 0) {
        // Odd ids are the client's and want an echo; even ones are the answers to ours.
        send(ping);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void accept(SpdySynStreamFrame stream) {
    if (stream.isInvalid() || stream.isTruncated() || stream.streamId() % 2 == 0) {
      fail("a malformed stream request");
    } else if (!goodbye) {
      opened(stream);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    reading.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    writabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (event instanceof IdleStateEvent) {
      fail("nothing was said for " + settings.idle());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext gone) {
    lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    LOG.debug("A streaming connection failed", cause);
    fail(String.valueOf(cause.getMessage()));
  }
}
