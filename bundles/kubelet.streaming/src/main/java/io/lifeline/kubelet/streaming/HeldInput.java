package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/** Input that the process does not take yet. Event loop only. */
final class HeldInput {

  /** From here on the connection is not read: TCP slows the sender. */
  private static final int MUCH = 64 * 1024;

  /** Shorter pieces are copied: a slice of one byte would pin a TLS record of 16 KiB. */
  private static final int SHORT = 2048;

  private static final int OVERHEAD = 128;

  private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
  private int held;

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  boolean isMuch() {
    return held >= MUCH;
  }

  boolean isLittle() {
    return held < MUCH / 2;
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

  /** Offers piece after piece until one is not taken whole. */
  void offerTo(Predicate<ByteBuffer> taker) {
    for (ByteBuf piece = pieces.peek(); piece != null; piece = pieces.peek()) {
      int before = piece.readableBytes();
      boolean whole = offer(piece, taker);
      held -= before - piece.readableBytes();
      if (!whole) {
        return;
      }
      held -= OVERHEAD;
      pieces.remove().release();
    }
  }

  /** Offers one piece and advances it; true when it was taken whole. */
  static boolean offer(ByteBuf piece, Predicate<ByteBuffer> taker) {
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
