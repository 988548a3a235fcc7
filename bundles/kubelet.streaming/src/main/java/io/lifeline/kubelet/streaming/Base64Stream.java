package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Base64;

/**
 * Decodes the base64 of one message that comes in pieces. Not for several threads.
 *
 * <p>Throws {@link IllegalArgumentException} for what is no base64.
 */
final class Base64Stream {

  private final byte[] rest = new byte[4];
  private int kept;

  /** A new message begins. */
  void clear() {
    kept = 0;
  }

  /** What the groups that are whole now decode to; the caller releases it. */
  ByteBuf decode(ByteBufAllocator allocator, ByteBuf piece) {
    int whole = (kept + piece.readableBytes()) / 4 * 4;
    if (whole == 0) {
      int some = piece.readableBytes();
      piece.readBytes(rest, kept, some);
      kept += some;
      return Unpooled.EMPTY_BUFFER;
    }
    byte[] coded = new byte[whole];
    System.arraycopy(rest, 0, coded, 0, kept);
    piece.readBytes(coded, kept, whole - kept);
    kept = piece.readableBytes();
    piece.readBytes(rest, 0, kept);
    byte[] decoded = Base64.getDecoder().decode(coded);
    return allocator.buffer(decoded.length).writeBytes(decoded);
  }
}
