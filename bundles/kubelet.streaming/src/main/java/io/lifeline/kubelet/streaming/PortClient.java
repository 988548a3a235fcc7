package io.lifeline.kubelet.streaming;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;

/** Who forwarded ports belong to: each has two streams of his, data and error. Event loop only. */
interface PortClient {

  /** Where his connection is written from. */
  ChannelHandlerContext out();

  /** Writes bytes, and owns them; does not flush. */
  void write(int stream, ByteBuf bytes);

  /** Ends both streams of a port, and flushes. */
  void end(int data, int error);

  /** A port does not take what its client sends, and again when it does. */
  void takes(ForwardedPort port, boolean takes);

  /** A port is over. */
  void over(ForwardedPort port);

  /** Begins to connect; a test has no network. */
  default ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress address) {
    return bootstrap.connect(address);
  }
}
