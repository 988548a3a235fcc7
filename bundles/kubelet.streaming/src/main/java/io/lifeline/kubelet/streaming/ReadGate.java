package io.lifeline.kubelet.streaming;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/**
 * Drops reads while reading is off. Stands between TLS and the SPDY codec, which asks for more by
 * itself whenever a read made no whole frame, and so would fill memory behind a process that does
 * not read.
 */
final class ReadGate extends ChannelOutboundHandlerAdapter {

  @Override
  public void read(ChannelHandlerContext context) {
    if (context.channel().config().isAutoRead()) {
      context.read();
    }
  }
}
