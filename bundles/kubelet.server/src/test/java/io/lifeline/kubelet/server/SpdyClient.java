package io.lifeline.kubelet.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Speaks SPDY/3.1 as an API server does. */
final class SpdyClient extends Client {

  final Map<Integer, String> names = new ConcurrentHashMap<>();
  final Map<Integer, Integer> resets = new ConcurrentHashMap<>();
  private boolean tunnelled;
  private int next = 1;

  SpdyClient(InetSocketAddress address, TestCertificates certificate, String uri) throws Exception {
    super(address, certificate, HttpMethod.POST, uri);
    header("Connection", "Upgrade").header("Upgrade", "SPDY/3.1");
  }

  /** SPDY in the binary messages of a WebSocket. */
  SpdyClient(InetSocketAddress address, TestCertificates certificate, String uri, HttpMethod get)
      throws Exception {
    super(address, certificate, get, uri);
    tunnelled = true;
    header("Connection", "Upgrade").header("Upgrade", "websocket");
    header("Sec-WebSocket-Version", "13").header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    header("Sec-WebSocket-Protocol", "SPDY/3.1+portforward.k8s.io");
  }

  /** Upgrades and opens the streams, in the API server's order. */
  static SpdyClient exec(OpenDoor door, String uri, String... streams) throws Exception {
    SpdyClient client = new SpdyClient(door.address(), FakeNode.API_SERVER, uri);
    for (String version : new String[] {"v5", "v4", "v3", "v2"}) {
      client.header("X-Stream-Protocol-Version", version + ".channel.k8s.io");
    }
    client.header("X-Stream-Protocol-Version", "channel.k8s.io");
    FullHttpResponse response = client.send();
    if (response.status().code() != 101) {
      throw new AssertionError(PlainClient.text(response));
    }
    for (String stream : streams) {
      client.open(stream, Map.of("streamtype", stream));
    }
    return client;
  }

  /** Opens a stream and returns its id. */
  int open(String name, Map<String, String> headers) {
    int id = next;
    next += 2;
    names.put(id, name);
    DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    headers.forEach((key, value) -> frame.headers().set(key, value));
    channel.writeAndFlush(frame);
    return id;
  }

  int id(String name) {
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  ChannelFuture write(String name, byte[] bytes) {
    return channel.writeAndFlush(new DefaultSpdyDataFrame(id(name), Unpooled.wrappedBuffer(bytes)));
  }

  ChannelFuture write(String name, String text) {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void end(String name) {
    DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(id(name));
    last.setLast(true);
    channel.writeAndFlush(last);
  }

  @Override
  void upgrade(ChannelPipeline pipeline) {
    if (tunnelled) {
      pipeline.addLast(
          new WebSocket13FrameEncoder(true),
          new WebSocket13FrameDecoder(false, false, 1 << 20),
          new Messages());
    }
    pipeline.addLast(
        new SpdyFrameCodec(SpdyVersion.SPDY_3_1, 65536, 16384, 6, 15, 8, false),
        new SimpleChannelInboundHandler<SpdyFrame>() {
          @Override
          protected void channelRead0(ChannelHandlerContext context, SpdyFrame frame) {
            if (frame instanceof SpdyDataFrame data) {
              Received stream = received(names.get(data.streamId()));
              stream.add(ByteBufUtil.getBytes(data.content()));
              if (data.isLast()) {
                stream.end();
              }
            } else if (frame instanceof SpdyRstStreamFrame reset) {
              resets.put(reset.streamId(), reset.status().code());
            } else if (frame instanceof SpdySynReplyFrame reply && reply.headers().isEmpty()) {
              throw new AssertionError("a reply without headers");
            }
          }
        });
  }

  /** Bytes to binary messages, cut where it pleases, and back. */
  private static final class Messages extends ChannelDuplexHandler {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof BinaryWebSocketFrame frame) {
        context.fireChannelRead(frame.content());
      }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ByteBuf bytes = (ByteBuf) message;
      while (bytes.readableBytes() > 10_000) {
        context.write(new BinaryWebSocketFrame(bytes.readRetainedSlice(10_000)));
      }
      context.write(new BinaryWebSocketFrame(bytes), promise);
    }
  }
}
