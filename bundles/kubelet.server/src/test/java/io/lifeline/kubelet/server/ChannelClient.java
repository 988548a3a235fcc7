package io.lifeline.kubelet.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks the channel protocols over WebSocket as kubectl does. */
final class ChannelClient extends Client {

  private static final String[] NAMES = {"stdin", "stdout", "stderr", "error", "resize"};

  final AtomicInteger closeCode = new AtomicInteger();
  final AtomicInteger emptyMessages = new AtomicInteger();
  final AtomicInteger pongs = new AtomicInteger();
  boolean base64;
  boolean answerClose = true;

  ChannelClient(InetSocketAddress address, TestCertificates certificate, String uri)
      throws Exception {
    super(address, certificate, HttpMethod.GET, uri);
    header("Connection", "Upgrade").header("Upgrade", "websocket");
    header("Sec-WebSocket-Version", "13").header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  }

  static ChannelClient exec(OpenDoor door, String uri, String protocol) throws Exception {
    ChannelClient client = new ChannelClient(door.address(), FakeNode.API_SERVER, uri);
    client.base64 = protocol.contains("base64");
    if (!protocol.isEmpty()) {
      client.header("Sec-WebSocket-Protocol", protocol);
    }
    FullHttpResponse response = client.send();
    if (response.status().code() != 101) {
      throw new AssertionError(PlainClient.text(response));
    }
    return client;
  }

  ChannelFuture write(int channelNumber, byte[] bytes) {
    if (base64) {
      return channel.writeAndFlush(
          new TextWebSocketFrame(channelNumber + Base64.getEncoder().encodeToString(bytes)));
    }
    return channel.writeAndFlush(
        new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {(byte) channelNumber}, bytes)));
  }

  ChannelFuture write(int channelNumber, String text) {
    return write(channelNumber, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The half-close of v5. */
  void endStdin() {
    write(255, new byte[] {0});
  }

  @Override
  void upgrade(ChannelPipeline pipeline) {
    pipeline.addLast(
        new WebSocket13FrameEncoder(true),
        new WebSocket13FrameDecoder(false, false, 1 << 20),
        new SimpleChannelInboundHandler<WebSocketFrame>() {
          @Override
          protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
              closeCode.set(close.statusCode());
              if (answerClose) {
                context.writeAndFlush(new CloseWebSocketFrame(1000, ""));
              }
            } else if (frame instanceof PongWebSocketFrame) {
              pongs.incrementAndGet();
            } else if (frame instanceof ContinuationWebSocketFrame) {
              throw new AssertionError("the server does not fragment");
            } else {
              message(frame.content());
            }
          }
        });
  }

  private void message(ByteBuf content) {
    int number = content.readUnsignedByte() - (base64 ? '0' : 0);
    byte[] bytes = ByteBufUtil.getBytes(content);
    if (bytes.length == 0) {
      emptyMessages.incrementAndGet();
    }
    String name = number < NAMES.length ? NAMES[number] : "channel " + number;
    received(name).add(base64 ? Base64.getDecoder().decode(bytes) : bytes);
  }
}
