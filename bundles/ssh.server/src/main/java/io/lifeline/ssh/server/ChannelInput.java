package io.lifeline.ssh.server;

import io.lifeline.session.api.ContainerProcess;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.IntConsumer;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/**
 * What the client sends, until the process takes it. The channel's window is given back only as the
 * process takes: a process that does not read stops the client, and no more than a window waits
 * here. Any thread.
 */
final class ChannelInput implements ChannelDataReceiver {

  private final IntConsumer taken;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private @Nullable ContainerProcess process;
  private boolean ended;
  private boolean told;

  /**
   * @param taken hears how many bytes the client may send more
   */
  ChannelInput(IntConsumer taken) {
    this.taken = taken;
  }

  @Override
  public int data(ChannelSession channel, byte[] buffer, int start, int length) {
    synchronized (this) {
      waiting.add(ByteBuffer.wrap(Arrays.copyOfRange(buffer, start, start + length)));
    }
    offer();
    return 0;
  }

  /** Comes also when a connection was lost, and a shell must not take that for an end of input. */
  @Override
  public void close() {}

  /** The client said that no more comes. */
  void end() {
    synchronized (this) {
      ended = true;
    }
    offer();
  }

  void open(ContainerProcess opened) {
    synchronized (this) {
      process = opened;
    }
    offer();
  }

  /** Gives the process what it takes. */
  void offer() {
    int bytes = 0;
    synchronized (this) {
      ContainerProcess to = process;
      if (to == null) {
        return;
      }
      while (!waiting.isEmpty()) {
        ByteBuffer next = waiting.element();
        int before = next.remaining();
        boolean all = to.stdin(next);
        bytes += before - next.remaining();
        if (!all) {
          break;
        }
        waiting.remove();
      }
      if (waiting.isEmpty() && ended && !told) {
        told = true;
        to.closeStdin();
      }
    }
    if (bytes > 0) {
      taken.accept(bytes);
    }
  }
}
