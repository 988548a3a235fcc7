package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** SPDY/3.1 frames as a server writes them. */
final class SpdyFrames {

  /** The most payload of one data frame: with its header it fills four TLS records. */
  static final int CHUNK = 65536 - 8;

  static final int PROTOCOL_ERROR = 1;
  static final int REFUSED_STREAM = 3;

  private static final int HEADER = 8;
  private static final int FIN = 0x01;
  private static final int CONTROL = 0x80030000;
  private static final int SYN_STREAM = 1;
  private static final int SYN_REPLY = 2;
  private static final int RST_STREAM = 3;
  private static final int PING = 6;

  /** A zlib header that says: compressed with a dictionary, whose id follows. */
  private static final int ZLIB = 0x78bb;

  private SpdyFrames() {}

  /** A data frame with as much of the bytes as fits: one copy, behind the header. */
  static ByteBuf data(ByteBufAllocator allocator, int stream, ByteBuffer bytes) {
    int length = Math.min(bytes.remaining(), CHUNK);
    ByteBuf frame = allocator.buffer(HEADER + length, HEADER + length);
    frame.writeInt(stream).writeInt(length);
    ByteBuffer part = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return frame.writeBytes(part);
  }

  /** The header of a data frame whose payload follows as it is. */
  static ByteBuf header(ByteBufAllocator allocator, int stream, int length) {
    return allocator.buffer(HEADER, HEADER).writeInt(stream).writeInt(length);
  }

  /** An empty data frame that ends our side of a stream. */
  static ByteBuf fin(ByteBufAllocator allocator, int stream) {
    return allocator.buffer(HEADER, HEADER).writeInt(stream).writeInt(FIN << 24);
  }

  static ByteBuf reset(ByteBufAllocator allocator, int stream, int status) {
    return allocator
        .buffer(16, 16)
        .writeInt(CONTROL | RST_STREAM)
        .writeInt(8)
        .writeInt(stream)
        .writeInt(status);
  }

  static ByteBuf ping(ByteBufAllocator allocator, int id) {
    return allocator.buffer(12, 12).writeInt(CONTROL | PING).writeInt(4).writeInt(id);
  }

  /**
   * Accepts a stream. Without a header in it the peer's parser fails.
   *
   * @param first whether no other was accepted before: the zlib stream begins with it
   */
  static ByteBuf reply(ByteBufAllocator allocator, int stream, boolean first) {
    ByteBuf frame = allocator.buffer(64);
    frame.writeInt(CONTROL | SYN_REPLY).writeInt(0).writeInt(stream);
    header(frame, first, "accepted", "1");
    return frame.setInt(4, frame.readableBytes() - HEADER);
  }

  /** Opens a stream, as a client does: for rehearsals. */
  static ByteBuf open(ByteBufAllocator allocator, int stream, boolean first, StreamName name) {
    ByteBuf frame = allocator.buffer(64);
    frame.writeInt(CONTROL | SYN_STREAM).writeInt(0).writeInt(stream).writeInt(0).writeShort(0);
    header(frame, first, "streamtype", name.header());
    return frame.setInt(4, frame.readableBytes() - HEADER);
  }

  /**
   * A header block of one header. It is part of one zlib stream, but stored as it is, so that no
   * compressor is needed; the empty block behind it is zlib's mark of a flush, for which the peer
   * waits.
   *
   * @param name in lower case
   */
  private static void header(ByteBuf frame, boolean first, String name, String value) {
    if (first) {
      frame.writeShort(ZLIB).writeInt(SpdyDictionary.ID);
    }
    int length = 3 * Integer.BYTES + name.length() + value.length();
    frame.writeByte(0).writeShortLE(length).writeShortLE(~length).writeInt(1);
    frame.writeInt(name.length()).writeCharSequence(name, StandardCharsets.US_ASCII);
    frame.writeInt(value.length()).writeCharSequence(value, StandardCharsets.US_ASCII);
    frame.writeByte(0).writeShortLE(0).writeShortLE(~0);
  }
}
