package io.lifeline.kubelet.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The listening socket and its connections. One caller at a time. */
final class KubeletListener {

  /** A command may be long; line and headers together stay within 64 KiB. */
  private static final int MOST_LINE = 32768;

  private static final int MOST_HEADERS = 32768;
  private static final int CHUNK = 8192;
  private static final int NO_STATUS = 0;

  /** Told to connections that are not upgraded: end when the request that is answered is. */
  static final Object LEAVING = "leaving";

  /**
   * One arena of each kind, chunks of 1 MiB and no caches for the sessions' threads: the agent's
   * heap is a few tens of megabytes, and Netty's defaults are made for larger ones. Outside the
   * heap, where BoringSSL works: what comes from the heap it copies first.
   */
  private static final PooledByteBufAllocator ALLOCATOR =
      new PooledByteBufAllocator(true, 1, 1, 8192, 7, 64, 32, false);

  /**
   * One read of at most 64 KiB, then the next connection's turn. Netty's default is sixteen: under
   * an upload TLS gathered 4 MiB of them in one buffer, and a neighbour's key waited behind them.
   */
  private static final RecvByteBufAllocator READS =
      new AdaptiveRecvByteBufAllocator(512, 2048, 65536).maxMessagesPerRead(1);

  private final EventLoopGroup loop;
  private final ServerSettings settings;
  private final KubeletApi api;
  private final Refusals refusals;
  private final Executor executor;
  private final ExecutorService streams;
  private final ChannelGroup connections;
  private final Newcomers newcomers;
  private final Sockets sockets = new Sockets();
  private @Nullable Channel listening;
  private @Nullable ServerSocketChannel listeningSocket;
  private volatile @Nullable SslContext tls;

  KubeletListener(
      EventLoopGroup loop,
      ServerSettings settings,
      KubeletApi api,
      Refusals refusals,
      Executor executor,
      ExecutorService streams) {
    this.loop = loop;
    this.settings = settings;
    this.api = api;
    this.refusals = refusals;
    this.executor = executor;
    this.streams = streams;
    this.connections = new DefaultChannelGroup(loop.next());
    this.newcomers = new Newcomers(settings.connections());
  }

  boolean isOpen() {
    return listening != null && listening.isActive();
  }

  /** Bytes that the API's buffers hold now, all connections together. */
  static long buffers() {
    return ALLOCATOR.pinnedHeapMemory() + ALLOCATOR.pinnedDirectMemory();
  }

  int connections() {
    return connections.size();
  }

  InetSocketAddress address() {
    if (listening == null) {
      throw new IllegalStateException("the kubelet API is not listening");
    }
    return (InetSocketAddress) listening.localAddress();
  }

  /** Listens, or shows a renewed certificate from the next connection on. */
  void open(InetSocketAddress address, SslContext context)
      throws IOException, InterruptedException {
    tls = context;
    if (isOpen()) {
      return;
    }
    ServerSocketChannel socket = sockets.open(address);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(() -> new NioServerSocketChannel(socket))
            .option(ChannelOption.ALLOCATOR, ALLOCATOR)
            .childOption(ChannelOption.ALLOCATOR, ALLOCATOR)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, READS)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new Connections())
            .register()
            .await();
    if (!bound.isSuccess()) {
      socket.close();
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    listening = bound.channel();
    listeningSocket = socket;
  }

  /**
   * Accepts nobody any more, without closing the socket: whoever comes now waits in it for the next
   * instance. Connections that are open go on; those on which nothing goes on are closed.
   *
   * @param over run when the last has ended; on the event loop
   */
  void leave(Runnable over) {
    ServerSocketChannel socket = listeningSocket;
    if (listening != null && socket != null) {
      listening.deregister().awaitUninterruptibly();
      awaitNextSelect();
      sockets.leave(socket);
      listening = null;
      listeningSocket = null;
    }
    connections.forEach(connection -> connection.pipeline().fireUserEventTriggered(LEAVING));
    connections.newCloseFuture().addListener(closed -> over.run());
  }

  /** Stops listening, lets live connections go on for a while, then closes them. Idempotent. */
  void close(Duration drain) {
    if (listening != null) {
      listening.close().awaitUninterruptibly();
      listening = null;
      listeningSocket = null;
      awaitNextSelect();
    }
    tls = null;
    connections.newCloseFuture().awaitUninterruptibly(drain.toMillis(), TimeUnit.MILLISECONDS);
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  /**
   * NIO keeps a closed socket listening until its selector has let the key go, which is in the next
   * select. A timer that was set from outside the loop runs after that one; without it, a caller
   * could still come in, and listening again could find the address in use.
   */
  private void awaitNextSelect() {
    loop.next()
        .schedule(() -> {}, 1, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(1, TimeUnit.SECONDS);
  }

  private static Runnable once(Runnable task) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        task.run();
      }
    };
  }

  private final class Connections extends ChannelInitializer<SocketChannel> {

    @Override
    protected void initChannel(SocketChannel channel) {
      SslContext context = tls;
      if (context == null) {
        channel.close();
        return;
      }
      InetAddress peer = channel.remoteAddress().getAddress();
      if (connections.size() >= settings.connections() || !newcomers.enter(peer)) {
        refusals.refused(
            channel.remoteAddress(),
            NO_STATUS,
            "a connection",
            "%d are open, and connections.max=%d, of which strangers may have half"
                .formatted(connections.size(), settings.connections()));
        channel.close();
        return;
      }
      connections.add(channel);
      KeepAlive.of(channel);
      Runnable proved = once(() -> newcomers.leave(peer));
      channel.closeFuture().addListener(closed -> proved.run());
      SslHandler handler = context.newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(settings.header().toMillis());
      channel
          .pipeline()
          .addLast(handler)
          .addLast(new HttpServerCodec(MOST_LINE, MOST_HEADERS, CHUNK))
          .addLast(
              new KubeletConnection(
                  api, new Caller(handler), settings, refusals, executor, streams, proved));
    }
  }
}
