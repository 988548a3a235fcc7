package io.lifeline.kubelet.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the API server is to a kubelet: TLS with a client certificate, one request, an upgrade. */
abstract class Client implements AutoCloseable {

  static final NioEventLoopGroup LOOP =
      new NioEventLoopGroup(1, new DefaultThreadFactory("test-client", true));

  /** What came on one stream. */
  static final class Received {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final MessageDigest digest;
    long length;
    long kept;
    boolean ended;

    Received() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    synchronized void add(byte[] more) {
      length += more.length;
      digest.update(more);
      kept += more.length;
      if (kept < 1 << 20) {
        bytes.writeBytes(more);
      }
    }

    /** What came since the last time. */
    synchronized byte[] take() {
      byte[] taken = bytes.toByteArray();
      bytes.reset();
      kept = 0;
      return taken;
    }

    synchronized void end() {
      ended = true;
    }

    synchronized boolean ended() {
      return ended;
    }

    synchronized long length() {
      return length;
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    synchronized String sha256() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  final CompletableFuture<FullHttpResponse> response = new CompletableFuture<>();
  final Map<String, Received> received = new TreeMap<>();
  final Channel channel;
  private final FullHttpRequest request;

  Client(InetSocketAddress address, TestCertificates certificate, HttpMethod method, String uri)
      throws Exception {
    request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri);
    request.headers().set("Host", "w2-debug");
    SslContextBuilder tls =
        SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE);
    if (certificate != null) {
      tls.keyManager(certificate.key(), certificate.certificate());
    }
    SslContext context = tls.build();
    channel =
        new Bootstrap()
            .group(LOOP)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel ch) {
                    SslHandler handler = context.newHandler(ch.alloc());
                    handler.setCloseNotifyFlushTimeoutMillis(100);
                    ch.pipeline()
                        .addLast(handler)
                        .addLast(new HttpClientCodec(65536, 65536, 8192))
                        .addLast(new HttpObjectAggregator(1 << 20))
                        .addLast(new Upgraded());
                  }
                })
            .connect(address)
            .sync()
            .channel();
  }

  Client header(String name, Object value) {
    request.headers().add(name, value);
    return this;
  }

  /** Sends the request and waits for the answer. */
  FullHttpResponse send() throws Exception {
    channel.writeAndFlush(request).sync();
    return response.get(10, TimeUnit.SECONDS);
  }

  /** Sends the request and does not wait. */
  void begin() throws InterruptedException {
    channel.writeAndFlush(request).sync();
  }

  Received received(String stream) {
    synchronized (received) {
      return received.computeIfAbsent(stream, name -> new Received());
    }
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  /** The pipeline after a 101. */
  abstract void upgrade(ChannelPipeline pipeline);

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }

  private final class Upgraded extends SimpleChannelInboundHandler<FullHttpResponse> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse message) {
      if (message.status().code() == 101) {
        upgrade(context.pipeline());
        context.pipeline().remove(HttpObjectAggregator.class);
        context.pipeline().remove(HttpClientCodec.class);
        context.pipeline().remove(this);
      }
      response.complete(
          message.replace(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(message.content()))));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      response.completeExceptionally(new AssertionError("closed without an answer"));
    }
  }
}
