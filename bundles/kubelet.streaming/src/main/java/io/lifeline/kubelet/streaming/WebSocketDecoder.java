package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Takes WebSocket frames (RFC 6455) apart as their bytes come, without ever gathering one: a
 * message's payload is unmasked where it lies and handed on in the pieces that TLS delivered, so
 * that a frame may be of any length and nothing is allocated for it. Not for several threads.
 */
final class WebSocketDecoder {

  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int MOST_CONTROL = 125;

  /** What comes out. */
  interface Sink {

    /**
     * A piece of a data message; {@code part} is the caller's: retain a slice to keep it.
     *
     * @param first whether the message begins with this piece
     */
    void message(ByteBuf part, boolean first);

    /** A whole control frame; nothing to release. */
    void control(int opcode, ByteBuf payload);
  }

  /** The peer does not speak RFC 6455; the connection is to be closed with 1002. */
  static final class ViolationException extends Exception {
    private static final long serialVersionUID = 1L;

    ViolationException(String message) {
      super(message, null, false, false);
    }
  }

  private final Sink sink;
  private final byte[] header = new byte[14];
  private int have;
  private int need = 2;
  private long left;
  private int opcode;
  private int mask;
  private boolean fin;
  private boolean inMessage;
  private boolean begun;
  private byte[] control = new byte[0];
  private boolean closed;

  WebSocketDecoder(Sink sink) {
    this.sink = sink;
  }

  /** Takes all that is readable; what comes after a close frame is dropped. */
  void decode(ByteBuf in) throws ViolationException {
    while (in.isReadable() && !closed) {
      if (have < need) {
        int some = Math.min(need - have, in.readableBytes());
        in.readBytes(header, have, some);
        have += some;
        if (have == 2) {
          need = headerLength();
        }
        if (have == need) {
          begin();
        }
      } else {
        payload(in);
      }
    }
    if (closed) {
      in.skipBytes(in.readableBytes());
    }
  }

  private int headerLength() throws ViolationException {
    if ((header[0] & 0x70) != 0) {
      throw new ViolationException("a frame with reserved bits");
    }
    if ((header[1] & 0x80) == 0) {
      throw new ViolationException("a frame without a mask");
    }
    int length = header[1] & 0x7f;
    return 2 + 4 + (length == 126 ? 2 : length == 127 ? 8 : 0);
  }

  private void begin() throws ViolationException {
    fin = (header[0] & 0x80) != 0;
    opcode = header[0] & 0x0f;
    int length = header[1] & 0x7f;
    left = length < 126 ? length : number(2, need - 4);
    mask = (int) number(need - 4, need);
    if (left < 0) {
      throw new ViolationException("a frame of more than 2^63 bytes");
    }
    switch (opcode) {
      case TEXT, BINARY -> {
        if (inMessage) {
          throw new ViolationException("a message inside a message");
        }
        begun = false;
        inMessage = !fin;
      }
      case CONTINUATION -> {
        if (!inMessage) {
          throw new ViolationException("a continuation of nothing");
        }
        inMessage = !fin;
      }
      case CLOSE, PING, PONG -> {
        if (!fin || left > MOST_CONTROL) {
          throw new ViolationException("a control frame in parts, or of " + left + " bytes");
        }
        control = new byte[(int) left];
      }
      default -> throw new ViolationException("a frame of the unknown kind " + opcode);
    }
    if (left == 0) {
      finish(Unpooled.EMPTY_BUFFER);
    }
  }

  private void payload(ByteBuf in) {
    int length = (int) Math.min(left, in.readableBytes());
    ByteBuf part = in.readSlice(length);
    unmask(part);
    left -= length;
    finish(part);
  }

  /** Hands a piece on, and gets ready for the next frame when it was the last. */
  private void finish(ByteBuf part) {
    boolean last = left == 0;
    if (last) {
      have = 0;
      need = 2;
    }
    if (opcode < CLOSE) {
      boolean first = !begun;
      begun = true;
      sink.message(part, first);
    } else {
      part.readBytes(
          control, control.length - (int) left - part.readableBytes(), part.readableBytes());
      if (last) {
        closed = opcode == CLOSE;
        sink.control(opcode, Unpooled.wrappedBuffer(control));
      }
    }
  }

  private long number(int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << 8 | header[i] & 0xff;
    }
    return number;
  }

  /**
   * At full speed much of the agent's work is here, so it is done in the array itself, four bytes a
   * turn: a buffer's methods, and a handle that sets eight bytes at once, cost more than they save
   * where only a few methods are compiled well.
   */
  private void unmask(ByteBuf part) {
    if (part.hasArray()) {
      mask = unmask(part.array(), part.arrayOffset() + part.readerIndex(), part.readableBytes());
      return;
    }
    for (int at = part.readerIndex(); at < part.writerIndex(); at++) {
      part.setByte(at, part.getByte(at) ^ mask >>> 24);
      mask = Integer.rotateLeft(mask, 8);
    }
  }

  /** Returns the mask for what follows. */
  private int unmask(byte[] bytes, int from, int length) {
    byte first = (byte) (mask >>> 24);
    byte second = (byte) (mask >>> 16);
    byte third = (byte) (mask >>> 8);
    byte fourth = (byte) mask;
    int at = from;
    int end = from + length;
    for (; end - at >= 4; at += 4) {
      bytes[at] ^= first;
      bytes[at + 1] ^= second;
      bytes[at + 2] ^= third;
      bytes[at + 3] ^= fourth;
    }
    int rest = mask;
    for (; at < end; at++) {
      bytes[at] ^= (byte) (rest >>> 24);
      rest = Integer.rotateLeft(rest, 8);
    }
    return rest;
  }
}
