package io.lifeline.kubelet.streaming;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header blocks of a SPDY/3 connection: one zlib stream for all of them, each flushed.
 * What one block may become is bounded, whatever it was compressed to. Not for several threads.
 */
final class SpdyHeaderBlocks {

  /** A stream's headers here take some hundred bytes. */
  private static final int MOST = 8192;

  private static final int MOST_PAIRS = 64;

  private @Nullable Inflater inflater;
  private boolean ended;

  /** Reads one block, which is compressed. */
  Map<String, String> read(byte[] block, int offset) throws SpdyDecoder.ViolationException {
    if (block.length == offset) {
      // Some leave a block without headers out altogether.
      return Map.of();
    }
    byte[] plain = new byte[MOST];
    int length = inflate(block, offset, plain);
    return parse(ByteBuffer.wrap(plain, 0, length));
  }

  private int inflate(byte[] block, int offset, byte[] plain)
      throws SpdyDecoder.ViolationException {
    if (ended) {
      throw new SpdyDecoder.ViolationException("headers after the last that was expected");
    }
    Inflater zlib = inflater;
    if (zlib == null) {
      zlib = new Inflater();
      inflater = zlib;
    }
    zlib.setInput(block, offset, block.length - offset);
    int length = 0;
    try {
      while (true) {
        int more = zlib.inflate(plain, length, plain.length - length);
        length += more;
        if (length == plain.length) {
          throw new SpdyDecoder.ViolationException("headers of more than " + MOST + " bytes");
        }
        if (more == 0 && zlib.needsDictionary()) {
          zlib.setDictionary(SpdyDictionary.bytes());
        } else if (more == 0) {
          return length;
        }
      }
    } catch (DataFormatException | IllegalArgumentException e) {
      throw new SpdyDecoder.ViolationException("headers that are not compressed as they must be");
    }
  }

  private static Map<String, String> parse(ByteBuffer plain) throws SpdyDecoder.ViolationException {
    int pairs = number(plain);
    if (pairs > MOST_PAIRS) {
      throw new SpdyDecoder.ViolationException("more than " + MOST_PAIRS + " headers");
    }
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < pairs; i++) {
      String name = text(plain);
      headers.put(name, text(plain));
    }
    return headers;
  }

  private static String text(ByteBuffer plain) throws SpdyDecoder.ViolationException {
    int length = number(plain);
    if (length > plain.remaining()) {
      throw cut();
    }
    byte[] bytes = new byte[length];
    plain.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int number(ByteBuffer plain) throws SpdyDecoder.ViolationException {
    if (plain.remaining() < Integer.BYTES) {
      throw cut();
    }
    int number = plain.getInt();
    if (number < 0) {
      throw cut();
    }
    return number;
  }

  private static SpdyDecoder.ViolationException cut() {
    return new SpdyDecoder.ViolationException("headers that end before their end");
  }

  /** No more headers come: gives the decompressor's memory back. Idempotent. */
  void end() {
    ended = true;
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }
}
