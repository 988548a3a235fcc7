package io.lifeline.kubelet.streaming;

import io.netty.channel.ChannelHandlerAdapter;

/**
 * Does nothing: its context is the place in a pipeline from which finished frames are written, in
 * front of the handler that reads.
 */
final class Front extends ChannelHandlerAdapter {}
