package io.lifeline.kubelet.streaming;

import io.lifeline.session.api.ExitStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** How a protocol puts the streams of a remote command on its connection. */
interface Framing {

  /**
   * A frame that holds as many of the bytes as the protocol wants in one, and advances their
   * position by that. Any thread.
   */
  ByteBuf frame(ByteBufAllocator allocator, StreamName stream, ByteBuffer bytes);

  /** Says something that the peer must answer or ignore, so that a dead peer is noticed. */
  void keepAlive();

  /** Tells the peer the end, waits for it to go, then closes. Event loop; called once. */
  void end(ExitStatus status);
}
