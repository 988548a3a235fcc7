package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;

/**
 * Between a session's thread, which makes frames, and the event loop, which writes them. The event
 * loop is woken once for all that has gathered, at once when it is idle; and the thread is held
 * while the client reads slowly, so that the process's output stays in its pipe, not in our memory.
 *
 * <p>A frame that is longer than a TLS record begins a record of its own. What is flushed at once,
 * TLS cuts into records of 16 KiB, and the API server hands on a record at a time; were frames
 * written one behind the other, records would hold scraps of two of them, and a kubectl on
 * WebSocket hands each scrap from thread to thread: half as many more, and a quarter of its CPU,
 * which is the most that a download costs.
 */
final class OutputQueue {

  /** What may gather here beside what waits below the channel's high water mark. */
  private static final int MOST = 128 * 1024;

  /** The most that a TLS record carries. */
  private static final int RECORD = 16 * 1024;

  private final ChannelHandlerContext out;
  private ArrayDeque<ByteBuf> frames = new ArrayDeque<>(4);
  private ArrayDeque<ByteBuf> spare = new ArrayDeque<>(4);
  private int bytes;
  private boolean scheduled;
  private boolean closed;

  OutputQueue(ChannelHandlerContext out) {
    this.out = out;
  }

  /** Returns when a frame may be added. Never for the event loop. */
  synchronized void awaitRoom() throws IOException, InterruptedException {
    while (!closed && (bytes >= MOST || !out.channel().isWritable())) {
      wait();
    }
    if (closed) {
      throw new IOException("the client is gone");
    }
  }

  /** Hands a frame to the event loop. */
  void add(ByteBuf frame) throws IOException {
    synchronized (this) {
      if (closed) {
        frame.release();
        throw new IOException("the client is gone");
      }
      frames.add(frame);
      bytes += frame.readableBytes();
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    try {
      out.executor().execute(this::write);
    } catch (RejectedExecutionException e) {
      close();
      throw new IOException("the server has stopped", e);
    }
  }

  private void write() {
    ArrayDeque<ByteBuf> batch;
    synchronized (this) {
      batch = frames;
      frames = spare;
      spare = batch;
      bytes = 0;
      scheduled = false;
    }
    for (ByteBuf frame = batch.poll(); frame != null; frame = batch.poll()) {
      boolean large = frame.readableBytes() > RECORD;
      if (large) {
        out.flush();
      }
      out.write(frame, out.voidPromise());
      if (large) {
        out.flush();
      }
    }
    out.flush();
    roomMayHaveCome();
  }

  /** The channel's writability has changed. */
  synchronized void roomMayHaveCome() {
    notifyAll();
  }

  /** Nobody waits any longer: the channel is gone. Event loop only. */
  synchronized void close() {
    closed = true;
    frames.forEach(ByteBuf::release);
    frames.clear();
    bytes = 0;
    notifyAll();
  }
}
