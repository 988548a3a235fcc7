package io.lifeline.runtime.oci.container;

import java.nio.ByteBuffer;

/** The last bytes of the main process. Grows to its bound only when they come. Any thread. */
final class LogRing {

  private static final int FIRST = 1024;

  private final int most;
  private byte[] bytes = new byte[FIRST];
  private int start;
  private int size;

  LogRing(int most) {
    this.most = most;
  }

  synchronized void append(ByteBuffer more) {
    ByteBuffer left = more.duplicate();
    if (left.remaining() > most) {
      left.position(left.limit() - most);
    }
    room(left.remaining());
    while (left.hasRemaining()) {
      int end = (start + size) % bytes.length;
      int free = Math.min(bytes.length - end, left.remaining());
      left.get(bytes, end, free);
      size += free;
      if (size > bytes.length) {
        start = (start + size - bytes.length) % bytes.length;
        size = bytes.length;
      }
    }
  }

  private void room(int more) {
    if (size + more > bytes.length && bytes.length < most) {
      byte[] larger = new byte[Math.min(most, Math.max(size + more, 2 * bytes.length))];
      byte[] kept = last(size);
      System.arraycopy(kept, 0, larger, 0, kept.length);
      bytes = larger;
      start = 0;
    }
  }

  /** The last bytes, at most so many. */
  synchronized byte[] last(int wanted) {
    int count = Math.min(size, wanted);
    byte[] copy = new byte[count];
    int from = (start + size - count) % bytes.length;
    int first = Math.min(count, bytes.length - from);
    System.arraycopy(bytes, from, copy, 0, first);
    System.arraycopy(bytes, 0, copy, first, count - first);
    return copy;
  }
}
