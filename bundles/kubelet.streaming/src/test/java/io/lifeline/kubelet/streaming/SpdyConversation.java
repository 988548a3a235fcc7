package io.lifeline.kubelet.streaming;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/** The frames of a client, one by one, so that a test can put them together wrongly. */
final class SpdyConversation {

  private final Deflater deflater = new Deflater();
  private final byte[] block = new byte[32768];
  private final List<byte[]> frames = new ArrayList<>();

  SpdyConversation() {
    deflater.setDictionary(SpdyDictionary.bytes());
  }

  List<byte[]> frames() {
    return frames;
  }

  /** Name, value, name, value… */
  SpdyConversation open(int stream, String... headers) {
    return block(stream, plain(headers));
  }

  /** A SYN_STREAM with a header block that may be none. */
  SpdyConversation block(int stream, byte[] plain) {
    return control(1, ByteBuffer.allocate(10).putInt(stream).array(), compress(plain));
  }

  /** HEADERS, which nobody needs. */
  SpdyConversation more(int stream, byte[] plain) {
    return control(8, ByteBuffer.allocate(4).putInt(stream).array(), compress(plain));
  }

  SpdyConversation data(int stream, String text, boolean last) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    frames.add(
        ByteBuffer.allocate(8 + bytes.length)
            .putInt(stream)
            .putInt((last ? 1 << 24 : 0) | bytes.length)
            .put(bytes)
            .array());
    return this;
  }

  SpdyConversation ping(int id) {
    return control(6, ByteBuffer.allocate(4).putInt(id).array());
  }

  SpdyConversation reset(int stream) {
    return control(3, ByteBuffer.allocate(8).putInt(stream).putInt(5).array());
  }

  SpdyConversation windowUpdate(int stream, int delta) {
    return control(9, ByteBuffer.allocate(8).putInt(stream).putInt(delta).array());
  }

  SpdyConversation settings() {
    return control(4, ByteBuffer.allocate(12).putInt(1).putInt(4).putInt(65536).array());
  }

  SpdyConversation goAway() {
    return control(7, new byte[8]);
  }

  static byte[] plain(String... headers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, headers.length / 2);
    for (String text : headers) {
      number(out, text.length());
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, int number) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
  }

  private byte[] compress(byte[] plain) {
    deflater.setInput(plain);
    int length = deflater.deflate(block, 0, block.length, Deflater.SYNC_FLUSH);
    return java.util.Arrays.copyOf(block, length);
  }

  private SpdyConversation control(int type, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, 0x80030000 | type);
    number(out, java.util.Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    frames.add(out.toByteArray());
    return this;
  }

  /** The deflater's memory is not Java's. */
  List<byte[]> done() {
    deflater.end();
    return frames;
  }
}
