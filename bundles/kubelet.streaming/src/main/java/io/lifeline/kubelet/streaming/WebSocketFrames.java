package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** WebSocket frames as a server writes them: whole and unmasked. */
final class WebSocketFrames {

  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;

  private static final int LONGEST_HEADER = 10;

  private WebSocketFrames() {}

  /** A frame's header, with room behind it for the payload. */
  static ByteBuf begin(ByteBufAllocator allocator, int opcode, int length) {
    return header(allocator.buffer(LONGEST_HEADER + length), opcode, length);
  }

  /** A header alone; its payload is written after it, as it is. */
  static ByteBuf header(ByteBufAllocator allocator, int opcode, int length) {
    return header(allocator.buffer(LONGEST_HEADER), opcode, length);
  }

  private static ByteBuf header(ByteBuf frame, int opcode, int length) {
    frame.writeByte(0x80 | opcode);
    if (length < 126) {
      return frame.writeByte(length);
    }
    if (length <= 0xffff) {
      return frame.writeByte(126).writeShort(length);
    }
    return frame.writeByte(127).writeLong(length);
  }

  static ByteBuf control(ByteBufAllocator allocator, int opcode, ByteBuf payload) {
    return begin(allocator, opcode, payload.readableBytes()).writeBytes(payload);
  }

  static ByteBuf close(ByteBufAllocator allocator, int code) {
    return begin(allocator, WebSocketDecoder.CLOSE, 2).writeShort(code);
  }
}
