package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Base64;

/** How a channel's number and its bytes make a message. */
enum ChannelCoding {
  BINARY {
    @Override
    int channel(int first) {
      return first;
    }

    @Override
    ByteBuf frame(ByteBufAllocator allocator, int channel, ByteBuffer bytes) {
      int length = Math.min(bytes.remaining(), CHUNK);
      ByteBuf frame = WebSocketFrames.begin(allocator, WebSocketDecoder.BINARY, length + 1);
      frame.writeByte(channel).writeBytes(take(bytes, length));
      return frame;
    }
  },

  BASE64 {
    @Override
    int channel(int first) {
      return first - '0';
    }

    @Override
    ByteBuf frame(ByteBufAllocator allocator, int channel, ByteBuffer bytes) {
      ByteBuffer coded =
          Base64.getEncoder().encode(take(bytes, Math.min(bytes.remaining(), CHUNK / 4 * 3)));
      ByteBuf frame =
          WebSocketFrames.begin(allocator, WebSocketDecoder.TEXT, coded.remaining() + 1);
      return frame.writeByte('0' + channel).writeBytes(coded);
    }
  };

  /** The most payload of one message: with its header it fills four TLS records. */
  private static final int CHUNK = 65536 - 5;

  /** The channel that a message's first byte names. */
  abstract int channel(int first);

  /** A message with as much of the bytes as fits. */
  abstract ByteBuf frame(ByteBufAllocator allocator, int channel, ByteBuffer bytes);

  private static ByteBuffer take(ByteBuffer bytes, int length) {
    ByteBuffer part = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return part;
  }
}
