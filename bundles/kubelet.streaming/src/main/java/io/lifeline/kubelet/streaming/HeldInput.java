package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/**
 * Input on its way to the process: what one turn of the event loop has read, and what the process
 * does not take yet. Event loop only.
 */
final class HeldInput {

  /** From here on the connection is not read: TCP slows the sender. */
  private static final int MUCH = 64 * 1024;

  /** Shorter pieces are copied: a slice of one byte would pin a TLS record of 16 KiB. */
  private static final int SHORT = 2048;

  private static final int OVERHEAD = 128;

  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
  private int held;
  private boolean refused;

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  boolean isMuch() {
    return held >= MUCH;
  }

  boolean isLittle() {
    return held < MUCH / 2;
  }

  /** Whether something waits that was not offered yet, or was not refused the last time. */
  boolean isFresh() {
    return !pieces.isEmpty() && !refused;
  }

  /** Keeps a piece and owns it from now on. */
  void add(ByteBufAllocator allocator, ByteBuf piece) {
    ByteBuf kept = piece;
    if (piece.readableBytes() < SHORT) {
      kept = allocator.buffer(piece.readableBytes()).writeBytes(piece);
      piece.release();
    }
    pieces.add(kept);
    held += kept.readableBytes() + OVERHEAD;
  }

  /** Offers it until something is not taken whole. */
  void offerTo(Predicate<ByteBuffer> taker) {
    gather();
    for (ByteBuf piece = pieces.peek(); piece != null; piece = pieces.peek()) {
      int before = piece.readableBytes();
      boolean whole = offer(piece, taker);
      held -= before - piece.readableBytes();
      refused = !whole;
      if (refused) {
        return;
      }
      held -= OVERHEAD;
      pieces.remove().release();
    }
  }

  /**
   * Makes one piece of the first ones. Copying 64 KiB costs less than three more writes to a pipe,
   * each of which wakes the process.
   */
  private void gather() {
    int count = 0;
    int bytes = 0;
    for (ByteBuf piece : pieces) {
      if (bytes + piece.readableBytes() > MUCH) {
        break;
      }
      bytes += piece.readableBytes();
      count++;
    }
    if (count < 2) {
      return;
    }
    ByteBuf one = pieces.element().alloc().directBuffer(bytes, bytes);
    for (int i = 0; i < count; i++) {
      ByteBuf piece = pieces.remove();
      one.writeBytes(piece);
      piece.release();
    }
    held -= (count - 1) * OVERHEAD;
    pieces.addFirst(one);
  }

  /** Offers one piece and advances it; true when it was taken whole. */
  private static boolean offer(ByteBuf piece, Predicate<ByteBuffer> taker) {
    ByteBuffer bytes = piece.nioBuffer();
    boolean whole = taker.test(bytes);
    piece.readerIndex(piece.writerIndex() - bytes.remaining());
    return whole;
  }

  void clear() {
    pieces.forEach(ByteBuf::release);
    pieces.clear();
    held = 0;
  }
}
