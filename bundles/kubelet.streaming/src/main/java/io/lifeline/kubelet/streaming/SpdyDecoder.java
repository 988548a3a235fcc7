package io.lifeline.kubelet.streaming;

import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Takes SPDY/3.1 frames apart as their bytes come. Data is handed on in the pieces that TLS
 * delivered and never gathered; of control frames only those are read that matter here, each of a
 * bounded length. Not for several threads.
 *
 * <p>A codec of our own because a general one keeps a compressor of 256 KiB for each connection,
 * copies what comes in, and reads on by itself when reading is off.
 */
final class SpdyDecoder {

  /** What comes out. */
  interface Sink {

    /** The peer opens a stream. */
    void opened(int stream, Map<String, String> headers, boolean last);

    /**
     * A piece of a stream's data; {@code part} is the caller's: retain a slice to keep it.
     *
     * @param last whether the peer's side of the stream ends with this piece
     */
    void data(int stream, ByteBuf part, boolean last);

    /** The peer wants no more of a stream. */
    void reset(int stream);

    void ping(int id);
  }

  /** The peer does not speak SPDY/3.1. */
  static final class ViolationException extends Exception {
    private static final long serialVersionUID = 1L;

    ViolationException(String message) {
      super(message, null, false, false);
    }
  }

  private static final int HEADER = 8;
  private static final int VERSION = 3;
  private static final int FIN = 0x01;
  private static final int STREAM = 0x7fffffff;

  private static final int SYN_STREAM = 1;
  private static final int RST_STREAM = 3;
  private static final int PING = 6;
  private static final int HEADERS = 8;

  /** Header blocks of a few hundred bytes are the longest that is of use. */
  private static final int MOST_CONTROL = 16384;

  private final Sink sink;
  private final SpdyHeaderBlocks headers = new SpdyHeaderBlocks();
  private final byte[] header = new byte[HEADER];
  private int have;
  private int left;
  private byte[] body = new byte[0];

  SpdyDecoder(Sink sink) {
    this.sink = sink;
  }

  /** Takes all that is readable. */
  void decode(ByteBuf in) throws ViolationException {
    while (in.isReadable()) {
      if (have < HEADER) {
        int some = Math.min(HEADER - have, in.readableBytes());
        in.readBytes(header, have, some);
        have += some;
        if (have == HEADER) {
          begin(in);
        }
      } else {
        go(in);
      }
    }
  }

  /** All streams are there: the decompressor is not needed any more. Idempotent. */
  void noMoreHeaders() {
    headers.end();
  }

  private boolean isControl() {
    return header[0] < 0;
  }

  private int type() {
    return header[3];
  }

  private boolean isRead() {
    return switch (type()) {
      case SYN_STREAM, RST_STREAM, PING, HEADERS -> true;
      default -> false;
    };
  }

  private void begin(ByteBuf in) throws ViolationException {
    left = number(header, 4) & 0xffffff;
    if (isControl()) {
      if ((number(header, 0) & 0x7fff0000) != VERSION << 16 || header[2] != 0) {
        throw new ViolationException("a frame that is none of SPDY/3");
      }
      if (isRead()) {
        if (left > MOST_CONTROL) {
          throw new ViolationException("a control frame of " + left + " bytes");
        }
        body = new byte[left];
      }
    }
    if (left == 0) {
      go(in);
    }
  }

  /** Goes on with the frame's body, which may be empty. */
  private void go(ByteBuf in) throws ViolationException {
    int some = Math.min(left, in.readableBytes());
    left -= some;
    boolean last = left == 0;
    if (last) {
      have = 0;
    }
    if (!isControl()) {
      boolean fin = last && (header[4] & FIN) != 0;
      sink.data(number(header, 0) & STREAM, in.readSlice(some), fin);
    } else if (isRead()) {
      in.readBytes(body, body.length - left - some, some);
      if (last) {
        control();
      }
    } else {
      in.skipBytes(some);
    }
  }

  private void control() throws ViolationException {
    byte[] frame = body;
    body = new byte[0];
    switch (type()) {
      case SYN_STREAM -> {
        atLeast(frame, 10);
        int stream = number(frame, 0) & STREAM;
        sink.opened(stream, headers.read(frame, 10), (header[4] & FIN) != 0);
      }
      case RST_STREAM -> {
        atLeast(frame, 8);
        sink.reset(number(frame, 0) & STREAM);
      }
      case PING -> {
        atLeast(frame, 4);
        sink.ping(number(frame, 0));
      }
      default -> {
        // HEADERS say nothing that is wanted, but what they compress later ones refer to.
        atLeast(frame, 4);
        headers.read(frame, 4);
      }
    }
  }

  private static void atLeast(byte[] frame, int length) throws ViolationException {
    if (frame.length < length) {
      throw new ViolationException("a control frame of only " + frame.length + " bytes");
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }
}
