package io.lifeline.kubelet.streaming;

import io.netty.channel.Channel;
import java.io.IOException;

/**
 * Holds a session's thread while its client reads slowly: the process's output stays in its pipe,
 * not in our memory.
 */
final class WriteGate {

  private final Channel channel;
  private boolean closed;

  WriteGate(Channel channel) {
    this.channel = channel;
  }

  /** Returns when there is room below the high water mark. Never for the event loop. */
  void await() throws IOException, InterruptedException {
    if (channel.isWritable()) {
      return;
    }
    synchronized (this) {
      while (!channel.isWritable()) {
        if (closed || !channel.isOpen()) {
          throw new IOException("the client is gone");
        }
        wait();
      }
    }
  }

  /** The channel's writability has changed. */
  synchronized void changed() {
    notifyAll();
  }

  /** Nobody waits any longer: the channel is gone. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
