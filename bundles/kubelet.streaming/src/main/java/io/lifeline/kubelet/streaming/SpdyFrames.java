package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.nio.ByteBuffer;

/** SPDY/3.1 frames, as both kinds of SPDY connection here use them. */
final class SpdyFrames {

  /** The most payload of one data frame in either direction. */
  static final int CHUNK = 65536;

  private static final int MOST_HEADERS = 16384;
  private static final int HEADER = 8;
  private static final int FIN = 0x01;

  private SpdyFrames() {}

  /** The codec for control frames and for what comes in; data goes out around it. */
  static SpdyFrameCodec codec() {
    return new SpdyFrameCodec(SpdyVersion.SPDY_3_1, CHUNK, MOST_HEADERS, 6, 15, 8, false);
  }

  /** A data frame with as much of the bytes as fits: one copy, behind the header. */
  static ByteBuf data(ByteBufAllocator allocator, int stream, ByteBuffer bytes) {
    int length = Math.min(bytes.remaining(), CHUNK);
    ByteBuf frame = allocator.heapBuffer(HEADER + length, HEADER + length);
    frame.writeInt(stream).writeInt(length);
    ByteBuffer part = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return frame.writeBytes(part);
  }

  /** The header of a data frame whose payload follows as it is. */
  static ByteBuf header(ByteBufAllocator allocator, int stream, int length) {
    return allocator.heapBuffer(HEADER, HEADER).writeInt(stream).writeInt(length);
  }

  /** An empty data frame that ends our side of a stream. */
  static ByteBuf fin(ByteBufAllocator allocator, int stream) {
    return allocator.heapBuffer(HEADER, HEADER).writeInt(stream).writeInt(FIN << 24);
  }

  /** Accepts a stream. Without a header in it the peer's decompressor waits for ever. */
  static SpdyFrame reply(int stream) {
    DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(stream);
    reply.headers().set("accepted", "1");
    return reply;
  }
}
