package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the bytes of a SPDY connection in binary WebSocket messages, whose borders mean nothing:
 * the subprotocol {@code SPDY/3.1+portforward.k8s.io}. Event loop only.
 *
 * <p>Source: KEP-4006, and {@code tunneling.go} of client-go's portforward.
 */
final class WebSocketTunnel extends ChannelDuplexHandler implements WebSocketDecoder.Sink {

  static final String PROTOCOL = "SPDY/3.1+" + SpdyPortForward.PROTOCOL;

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketTunnel.class);

  private final WebSocketDecoder decoder = new WebSocketDecoder(this);
  private ChannelHandlerContext context;
  private boolean closing;

  @SuppressWarnings("NullAway.Init") // Netty calls handlerAdded before anything else.
  WebSocketTunnel() {}

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      decoder.decode(bytes);
    } catch (WebSocketDecoder.ViolationException e) {
      LOG.warn(
          "Closing the WebSocket from {}: {}", reading.channel().remoteAddress(), e.getMessage());
      close(WebSocketFrames.PROTOCOL_ERROR);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void message(ByteBuf part, boolean first) {
    if (part.isReadable() && !closing) {
      context.fireChannelRead(part.retain());
    }
  }

  @Override
  public void control(int opcode, ByteBuf payload) {
    if (opcode == WebSocketDecoder.PING && context.channel().isWritable()) {
      context.writeAndFlush(
          WebSocketFrames.control(context.alloc(), WebSocketDecoder.PONG, payload),
          context.voidPromise());
    } else if (opcode == WebSocketDecoder.CLOSE) {
      close(WebSocketFrames.NORMAL);
    }
  }

  private void close(int code) {
    sayClose(code);
    context.close();
  }

  private void sayClose(int code) {
    if (!closing) {
      closing = true;
      context.writeAndFlush(WebSocketFrames.close(context.alloc(), code), context.voidPromise());
    }
  }

  @Override
  public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
    ByteBuf bytes = (ByteBuf) message;
    if (bytes.isReadable()) {
      writing.write(
          WebSocketFrames.header(writing.alloc(), WebSocketDecoder.BINARY, bytes.readableBytes()),
          writing.voidPromise());
    }
    writing.write(bytes, promise);
  }

  @Override
  public void close(ChannelHandlerContext closed, ChannelPromise promise) {
    sayClose(WebSocketFrames.NORMAL);
    closed.close(promise);
  }
}
