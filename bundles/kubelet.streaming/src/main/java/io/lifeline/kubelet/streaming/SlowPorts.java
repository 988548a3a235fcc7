package io.lifeline.kubelet.streaming;

import io.netty.channel.ChannelHandlerContext;
import java.util.HashSet;
import java.util.Set;

/** While a port of a connection does not take what comes, it is not read. Event loop only. */
final class SlowPorts {

  private final Set<ForwardedPort> full = new HashSet<>();
  private final ReadHold reading;

  /**
   * @param keepAlive says something that the peer must answer or ignore
   */
  SlowPorts(ChannelHandlerContext front, Runnable keepAlive) {
    this.reading = new ReadHold(front, keepAlive);
  }

  void takes(ForwardedPort port, boolean takes) {
    if (takes ? full.remove(port) : full.add(port)) {
      if (full.isEmpty()) {
        reading.resume();
      } else {
        reading.hold();
      }
    }
  }
}
