package io.lifeline.kubelet.streaming;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The masked frames of a client, one by one, so that a test can put them together wrongly. */
final class WebSocketConversation {

  private static final int LAST = 0x80;
  private static final int MASK = 0x5a17c3e4;

  private final boolean base64;
  private final List<byte[]> frames = new ArrayList<>();

  WebSocketConversation(boolean base64) {
    this.base64 = base64;
  }

  List<byte[]> frames() {
    return frames;
  }

  /** A message on a channel of the remote command protocols. */
  WebSocketConversation message(int channel, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (base64) {
      String coded = (char) ('0' + channel) + Base64.getEncoder().encodeToString(bytes);
      return frame(LAST | WebSocketDecoder.TEXT, coded.getBytes(StandardCharsets.US_ASCII));
    }
    byte[] payload = ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).array();
    return frame(LAST | WebSocketDecoder.BINARY, payload);
  }

  /** Any frame; the first byte holds the mark of the last and the kind. */
  WebSocketConversation frame(int first, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
    frame.put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    frame.putInt(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK >>> 24 - 8 * (i % 4)));
    }
    frames.add(java.util.Arrays.copyOf(frame.array(), frame.position()));
    return this;
  }

  WebSocketConversation ping(String text) {
    return frame(LAST | WebSocketDecoder.PING, text.getBytes(StandardCharsets.UTF_8));
  }

  WebSocketConversation close(int code) {
    return frame(LAST | WebSocketDecoder.CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }
}
