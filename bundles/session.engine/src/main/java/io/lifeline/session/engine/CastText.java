package io.lifeline.session.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * Bytes of a terminal as events. JSON holds characters, so a character that came in two pieces is
 * put together; and what is no UTF-8 at all is there twice: as {@code "b"} with the very bytes in
 * Base64, which players pass over and ours reads, and then as what it looks like. Each byte is
 * copied once. Not for several threads.
 */
final class CastText {

  /** The code of an event with the very bytes of the event after it. */
  static final char BYTES = 'b';

  private static final int SLICE = 2 * 1024;
  private static final int FRAME = 64;
  private static final int LONGEST = 4;
  private static final byte DELETE = 0x7f;
  private static final int INCOMPLETE = 0;
  private static final int INVALID = -1;

  private final char code;
  private final CastLines lines;
  private final byte[] pending = new byte[LONGEST];
  private int held;

  CastText(char code, CastLines lines) {
    this.code = code;
    this.lines = lines;
  }

  /** Consumes the bytes. */
  void add(ByteBuffer bytes, long nanos) throws IOException {
    if (held > 0) {
      complete(bytes, nanos);
    }
    while (bytes.hasRemaining()) {
      int begin = bytes.position();
      int end = Math.min(bytes.limit(), begin + SLICE);
      int valid = validUntil(bytes, begin, end);
      if (valid > begin) {
        text(bytes, begin, valid, nanos);
        bytes.position(valid);
      } else if (length(bytes, begin, bytes.limit()) == INCOMPLETE) {
        while (bytes.hasRemaining()) {
          pending[held++] = bytes.get();
        }
      } else {
        very(bytes, begin, end, nanos);
        bytes.position(end);
      }
    }
  }

  /** Puts the rest of a character to its beginning. */
  private void complete(ByteBuffer bytes, long nanos) throws IOException {
    while (bytes.hasRemaining() && length(held()) == INCOMPLETE) {
      // What cannot go on so is not taken in.
      pending[held] = bytes.get(bytes.position());
      held++;
      if (length(held()) == INVALID) {
        held--;
        break;
      }
      bytes.get();
    }
    ByteBuffer character = held();
    int length = length(character);
    if (length > 0) {
      text(character, 0, held, nanos);
      held = 0;
    } else if (length == INVALID || bytes.hasRemaining()) {
      very(character, 0, held, nanos);
      held = 0;
    }
  }

  private ByteBuffer held() {
    return ByteBuffer.wrap(pending, 0, held);
  }

  /** No more comes: what is held will be no character any more. */
  void rest(long nanos) throws IOException {
    if (held > 0) {
      very(held(), 0, held, nanos);
      held = 0;
    }
  }

  private static int validUntil(ByteBuffer bytes, int from, int end) {
    int at = from;
    while (at < end) {
      if (bytes.get(at) >= 0) {
        at++;
        continue;
      }
      int length = length(bytes, at, end);
      if (length <= 0) {
        return at;
      }
      at += length;
    }
    return at;
  }

  private static int length(ByteBuffer bytes) {
    return length(bytes, 0, bytes.limit());
  }

  /**
   * How long the character is that begins here: RFC 3629, section 4.
   *
   * @return INCOMPLETE when its end is not there yet; INVALID when it is none
   */
  private static int length(ByteBuffer bytes, int at, int end) {
    int first = bytes.get(at) & 0xff;
    int length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0 || first > 0xf4) {
      return INVALID;
    }
    for (int i = 1; i < length; i++) {
      if (at + i >= end) {
        return INCOMPLETE;
      }
      int next = bytes.get(at + i) & 0xff;
      int least = i > 1 ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
      int most = i > 1 ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
      if (next < least || next > most) {
        return INVALID;
      }
    }
    return length;
  }

  private void text(ByteBuffer bytes, int from, int to, long nanos) throws IOException {
    ByteBuffer out = lines.room(FRAME + 6 * (to - from));
    lines.begin(nanos, code);
    int plain = from;
    for (int i = from; i < to; i++) {
      byte b = bytes.get(i);
      if (b < ' ' && b >= 0 || b == '"' || b == '\\' || b == DELETE) {
        run(out, bytes, plain, i);
        put(out, b);
        plain = i + 1;
      }
    }
    run(out, bytes, plain, to);
    lines.end();
  }

  /** Characters that are in JSON what they are. */
  private static void run(ByteBuffer out, ByteBuffer bytes, int from, int to) {
    if (to > from) {
      out.put(out.position(), bytes, from, to - from);
      out.position(out.position() + to - from);
    }
  }

  private static void put(ByteBuffer out, byte b) {
    if (b == '"' || b == '\\') {
      out.put((byte) '\\').put(b);
    } else if (b >= 0 && b < ' ' || b == DELETE) {
      switch (b) {
        case '\r' -> out.put((byte) '\\').put((byte) 'r');
        case '\n' -> out.put((byte) '\\').put((byte) 'n');
        default -> {
          out.put((byte) '\\').put((byte) 'u').put((byte) '0').put((byte) '0');
          out.put((byte) ('0' + (b >> 4)));
          out.put((byte) Character.forDigit(b & 15, 16));
        }
      }
    } else {
      out.put(b);
    }
  }

  /** The very bytes, and then what they look like. */
  private void very(ByteBuffer bytes, int from, int to, long nanos) throws IOException {
    byte[] copy = new byte[to - from];
    bytes.duplicate().position(from).get(copy);
    byte[] encoded = Base64.getEncoder().encode(copy);
    ByteBuffer out = lines.room(2 * FRAME + encoded.length + 6 * copy.length);
    lines.begin(nanos, code == 'o' ? BYTES : 'B');
    out.put(encoded);
    lines.end();
    lines.begin(nanos, code);
    for (byte b : copy) {
      if (b < 0) {
        out.put((byte) '\\').put((byte) 'u').put((byte) 'f').put((byte) 'f');
        out.put((byte) 'f').put((byte) 'd');
      } else {
        put(out, b);
      }
    }
    lines.end();
  }
}
