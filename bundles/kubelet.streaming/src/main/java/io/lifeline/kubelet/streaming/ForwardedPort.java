package io.lifeline.kubelet.streaming;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a port of the worker, whose network the debug pod shares, and the two streams
 * it is carried by. It lives on its client's event loop, so that nothing here needs a lock.
 */
final class ForwardedPort {

  private static final int NONE = -1;
  private static final int CONNECT_MILLIS = 10_000;

  /** How much the port may be behind before the client is not read. */
  private static final WriteBufferWaterMark BEHIND = new WriteBufferWaterMark(32768, 131072);

  private final PortClient client;
  private final String pod;
  private final String request;
  private final int port;
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(2);
  private int error = NONE;
  private int data = NONE;
  private boolean connecting;
  private boolean clientEnded;
  private boolean over;
  private @Nullable Channel attempt;
  private @Nullable Channel socket;

  ForwardedPort(PortClient client, String pod, String request, int port) {
    this.client = client;
    this.pod = pod;
    this.request = request;
    this.port = port;
  }

  String request() {
    return request;
  }

  int port() {
    return port;
  }

  /** Adds one of the two streams; false when it is there already. */
  boolean add(boolean isData, int stream) {
    if ((isData ? data : error) != NONE) {
      return false;
    }
    if (isData) {
      data = stream;
    } else {
      error = stream;
    }
    return true;
  }

  void connectWhenComplete() {
    if (data != NONE && error != NONE && !connecting) {
      connecting = true;
      // As the kubelet: the port of localhost, in whichever family somebody listens.
      connect(List.of("127.0.0.1", "::1").iterator(), "");
    }
  }

  /**
   * @param before why the address before did not answer: if none does, that is what is told
   */
  private void connect(Iterator<String> addresses, String before) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(client.out().channel().eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, client.out().alloc())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, BEHIND)
            .handler(new PortSide());
    ChannelFuture connected =
        client.connect(bootstrap, InetSocketAddress.createUnresolved(addresses.next(), port));
    attempt = connected.channel();
    connected.addListener(
        done -> {
          if (done.isSuccess()) {
            connected(connected.channel());
          } else {
            String why = before.isEmpty() ? String.valueOf(done.cause().getMessage()) : before;
            if (addresses.hasNext() && !over) {
              connect(addresses, why);
            } else {
              fail(why);
            }
          }
        });
  }

  private void connected(Channel channel) {
    if (over) {
      channel.close();
      return;
    }
    socket = channel;
    for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
      channel.write(bytes, channel.voidPromise());
    }
    channel.flush();
    if (clientEnded) {
      endPort();
    }
    client.takes(this, channel.isWritable());
    readFromPort(client.out().channel().isWritable());
  }

  /** What the client sent; owns the bytes. */
  void fromClient(int stream, ByteBuf bytes, boolean last) {
    if (stream != data || over || clientEnded) {
      bytes.release();
      return;
    }
    Channel to = socket;
    if (to == null) {
      early.add(bytes);
      client.takes(this, false);
    } else {
      to.writeAndFlush(bytes, to.voidPromise());
      client.takes(this, to.isWritable());
    }
    if (last) {
      clientEnded = true;
      endPort();
    }
  }

  private void endPort() {
    if (socket instanceof SocketChannel open) {
      // Behind what is still to be written.
      open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> open.shutdownOutput());
    }
  }

  void readFromPort(boolean wanted) {
    if (socket != null && !over) {
      socket.config().setAutoRead(wanted);
    }
  }

  private void fail(String why) {
    if (over) {
      return;
    }
    String text = "error forwarding port %d to pod %s: %s".formatted(port, pod, why);
    client.write(error, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    endBoth();
  }

  /**
   * The port has said its last. As with the kubelet that is the end of both directions: kubectl
   * closes the person's connection only when the error stream ends, too.
   */
  private void endBoth() {
    client.end(data, error);
    close();
  }

  /** Lets go of the port; says nothing to the client. */
  void close() {
    over = true;
    early.forEach(ByteBuf::release);
    early.clear();
    if (attempt != null) {
      // Also one that is still connecting: else who resets his streams at once collects sockets.
      attempt.close();
    }
    client.over(this);
  }

  /** What the port says. One for each attempt to connect. */
  private final class PortSide extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      if (over) {
        bytes.release();
        return;
      }
      client.write(data, bytes);
      if (!client.out().channel().isWritable()) {
        readFromPort(false);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      client.out().flush();
      // What was flushed may have made room again.
      readFromPort(client.out().channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      client.takes(ForwardedPort.this, over || context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownReadComplete && !over) {
        endBoth();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!over && socket != null) {
        endBoth();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(String.valueOf(cause.getMessage()));
    }
  }
}
