package io.lifeline.kubelet.server;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.util.Map;

/**
 * TCP's own question whether a silent peer is still there, as often as Go's servers ask it, the
 * kubelet among them: what forgets silent connections on the way (NAT, load balancers) does not
 * forget ours, and an API server that went without a word is noticed in minutes. The kernel's own
 * times begin after two hours.
 */
final class KeepAlive {

  /** By their names: not every Java has them, and none has them in its standard API. */
  private static final Map<String, Integer> TIMES =
      Map.of("TCP_KEEPIDLE", 15, "TCP_KEEPINTERVAL", 15, "TCP_KEEPCOUNT", 9);

  private KeepAlive() {}

  static void of(SocketChannel channel) {
    channel.config().setKeepAlive(true);
    for (ChannelOption<?> option : channel.config().getOptions().keySet()) {
      Integer times = TIMES.get(option.name());
      if (times != null) {
        set(channel, option, times);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void set(SocketChannel channel, ChannelOption<?> option, int value) {
    channel.config().setOption((ChannelOption<Integer>) option, value);
  }
}
