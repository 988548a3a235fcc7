package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a SPDY/3.1 connection. Flow control is TCP's: API servers neither send nor
 * heed WINDOW_UPDATE, and who counted windows would stop at 65,536 bytes. Event loop only.
 */
abstract class SpdyConnection extends ChannelInboundHandlerAdapter implements SpdyDecoder.Sink {

  private static final Logger LOG = LoggerFactory.getLogger(SpdyConnection.class);

  /** Refused streams with none accepted between: who goes on so long does not listen. */
  private static final int MOST_REFUSED = 1000;

  private final ChannelHandlerContext out;
  private final StreamingSettings settings;
  private final SpdyDecoder decoder = new SpdyDecoder(this);
  private boolean replied;
  private int refused;
  private boolean failed;
  private boolean goodbye;

  /**
   * @param front the context in front of this handler, which frames are written from
   */
  SpdyConnection(ChannelHandlerContext front, StreamingSettings settings) {
    this.out = front;
    this.settings = settings;
  }

  /** The client opens a stream, which is odd: answer it with {@link #accept} or {@link #refuse}. */
  abstract void stream(int stream, Map<String, String> headers, boolean last);

  abstract void writabilityChanged();

  /** The connection is gone. Called once. */
  abstract void lost();

  final StreamingSettings settings() {
    return settings;
  }

  /** Frames are written from here. */
  public final ChannelHandlerContext out() {
    return out;
  }

  final boolean saidGoodbye() {
    return goodbye;
  }

  final void accept(int stream) {
    refused = 0;
    answer(SpdyFrames.reply(out.alloc(), stream, !replied));
    replied = true;
  }

  final void refuse(int stream, int status, String why) {
    refused++;
    // The log is told of the 1st, 2nd, 4th, 8th… in a row: a thousand lines say no more.
    if (Integer.bitCount(refused) == 1) {
      LOG.warn("Refused a stream of {} ({}): {}", out.channel().remoteAddress(), refused, why);
    }
    if (refused > MOST_REFUSED) {
      fail("more than %d streams in a row were refused; the last: %s".formatted(MOST_REFUSED, why));
    } else {
      answer(SpdyFrames.reset(out.alloc(), stream, status));
    }
  }

  /** Who asks and asks without reading the answers would fill our memory with them. */
  private void answer(ByteBuf frame) {
    if (out.channel().isWritable()) {
      out.write(frame, out.voidPromise());
    } else {
      frame.release();
      fail("the client does not read the answers to its streams");
    }
  }

  /** Says something, so that a dead peer is noticed. Even ids are ours. */
  final void sayPing() {
    out.writeAndFlush(SpdyFrames.ping(out.alloc(), 2), out.voidPromise());
  }

  /** All streams are there. */
  final void noMoreStreams() {
    decoder.noMoreHeaders();
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
                        () -> out.channel().close(),
                        settings.goodbye().toMillis(),
                        TimeUnit.MILLISECONDS));
  }

  final void fail(String why) {
    if (!failed && out.channel().isActive()) {
      failed = true;
      LOG.warn("Closing the streaming connection from {}: {}", out.channel().remoteAddress(), why);
      out.channel().close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!failed) {
        decoder.decode(bytes);
      }
    } catch (SpdyDecoder.ViolationException e) {
      fail(String.valueOf(e.getMessage()));
    } finally {
      bytes.release();
    }
  }

  @Override
  public final void opened(int stream, Map<String, String> headers, boolean last) {
    if (stream % 2 == 0) {
      fail("a client's stream with the even number " + stream);
    } else if (!goodbye && !failed) {
      stream(stream, headers, last);
    }
  }

  @Override
  public final void ping(int id) {
    // Odd ids are the client's and want an echo; even ones are the answers to ours. A client that
    // does not read its output does not read an echo either.
    if (id % 2 != 0 && out.channel().isWritable()) {
      out.write(SpdyFrames.ping(out.alloc(), id), out.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    out.flush();
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
    decoder.noMoreHeaders();
    lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext broken, Throwable cause) {
    LOG.debug("A streaming connection failed", cause);
    fail(String.valueOf(cause.getMessage()));
  }
}
