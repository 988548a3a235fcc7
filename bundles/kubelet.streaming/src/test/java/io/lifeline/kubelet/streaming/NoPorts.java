package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A port-forward on a worker where nobody listens. */
final class NoPorts extends SpdyPortForward {

  NoPorts(ChannelHandlerContext front) {
    super(front, StreamingSettingsTest.of(Map.of()), new PortForward("default/debug", List.of()));
  }

  @Override
  public ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress address) {
    return new EmbeddedChannel().newFailedFuture(new ConnectException("Connection refused"));
  }
}
