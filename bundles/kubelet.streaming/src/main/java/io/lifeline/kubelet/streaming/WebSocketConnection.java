package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of a WebSocket that carries messages by channel. Event loop only. */
abstract class WebSocketConnection extends ChannelInboundHandlerAdapter
    implements WebSocketDecoder.Sink {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  private final ChannelHandlerContext out;
  private final StreamingSettings settings;
  private final WebSocketDecoder decoder = new WebSocketDecoder(this);
  private boolean goodbye;

  /**
   * @param front the context in front of this handler, which frames are written from
   */
  WebSocketConnection(ChannelHandlerContext front, StreamingSettings settings) {
    this.out = front;
    this.settings = settings;
  }

  abstract void writabilityChanged();

  /** The connection is gone. Called once. */
  abstract void lost();

  public final ChannelHandlerContext out() {
    return out;
  }

  final void sendControl(int opcode, ByteBuf payload) {
    out.writeAndFlush(WebSocketFrames.control(out.alloc(), opcode, payload), out.voidPromise());
  }

  /**
   * Sends a close frame after all that was written, and waits for the peer's: what it still sends
   * is read and dropped.
   */
  final void goodbye(int code) {
    if (goodbye) {
      return;
    }
    goodbye = true;
    ChannelFuture told = out.writeAndFlush(WebSocketFrames.close(out.alloc(), code));
    told.addListener(
        done ->
            out.executor()
                .schedule(
                    () -> out.channel().close(),
                    settings.goodbye().toMillis(),
                    TimeUnit.MILLISECONDS));
  }

  @Override
  public final void control(int opcode, ByteBuf payload) {
    // A client that does not read its output does not read a pong either.
    if (opcode == WebSocketDecoder.PING && !goodbye && out.channel().isWritable()) {
      sendControl(WebSocketDecoder.PONG, payload);
    } else if (opcode == WebSocketDecoder.CLOSE) {
      closed();
    }
  }

  /** The peer's close frame: the answer to ours, or the first of the two. */
  private void closed() {
    if (!goodbye) {
      goodbye = true;
      out.write(WebSocketFrames.close(out.alloc(), WebSocketFrames.NORMAL), out.voidPromise());
    }
    out.flush();
    out.channel().close();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      decoder.decode(bytes);
    } catch (WebSocketDecoder.ViolationException | IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()), WebSocketFrames.PROTOCOL_ERROR);
    } finally {
      bytes.release();
    }
  }

  private void fail(String why, int code) {
    if (!goodbye) {
      LOG.warn("Closing the WebSocket from {}: {}", out.channel().remoteAddress(), why);
      goodbye(code);
      out.channel().close();
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
      fail("nothing was said for " + settings.idle(), WebSocketFrames.GOING_AWAY);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext gone) {
    lost();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    LOG.debug("A WebSocket failed", cause);
    failed.close();
  }
}
