package io.lifeline.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/** What is typed, on its way to the shell that reads it: never more than some lines wait. */
final class KeyPipe extends InputStream {

  private static final int MOST = 4096;

  private final ByteBuffer waiting = ByteBuffer.allocate(MOST);
  private final Runnable room;
  private boolean refused;
  private boolean ended;

  /**
   * @param room hears that what was refused may be offered again
   */
  KeyPipe(Runnable room) {
    this.room = room;
  }

  /** Takes what there is room for; says whether that was all. Does not wait. */
  synchronized boolean offer(ByteBuffer bytes) {
    if (ended) {
      bytes.position(bytes.limit());
      return true;
    }
    int count = Math.min(bytes.remaining(), waiting.remaining());
    ByteBuffer taken = bytes.duplicate();
    taken.limit(bytes.position() + count);
    waiting.put(taken);
    bytes.position(bytes.position() + count);
    refused = bytes.hasRemaining();
    notifyAll();
    return !refused;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    int count;
    boolean again;
    synchronized (this) {
      try {
        while (waiting.position() == 0 && !ended) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
      if (waiting.position() == 0) {
        return -1;
      }
      waiting.flip();
      count = Math.min(most, waiting.remaining());
      waiting.get(into, from, count);
      waiting.compact();
      again = refused;
      refused = false;
    }
    if (again) {
      room.run();
    }
    return count;
  }

  @Override
  public synchronized int available() {
    return waiting.position();
  }

  /** Nothing more comes. */
  @Override
  public synchronized void close() {
    ended = true;
    notifyAll();
  }
}
