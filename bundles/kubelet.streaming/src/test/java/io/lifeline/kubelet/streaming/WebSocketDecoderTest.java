package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WebSocketDecoderTest {

  /** What came out: messages in full, and control frames. */
  private static final class Collected implements WebSocketDecoder.Sink {
    final List<ByteArrayOutputStream> messages = new ArrayList<>();
    final List<String> controls = new ArrayList<>();

    @Override
    public void message(ByteBuf part, boolean first) {
      if (first) {
        messages.add(new ByteArrayOutputStream());
      }
      byte[] bytes = new byte[part.readableBytes()];
      part.readBytes(bytes);
      messages.get(messages.size() - 1).writeBytes(bytes);
    }

    @Override
    public void control(int opcode, ByteBuf payload) {
      controls.add(opcode + ":" + payload.readableBytes());
    }
  }

  private static ByteBuf encode(List<byte[]> messages, Random random) {
    EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
    for (byte[] message : messages) {
      int cut = random.nextInt(message.length + 1);
      if (random.nextBoolean()) {
        encoder.writeOutbound(new BinaryWebSocketFrame(Unpooled.copiedBuffer(message)));
      } else {
        encoder.writeOutbound(
            new BinaryWebSocketFrame(false, 0, Unpooled.copiedBuffer(message, 0, cut)));
        encoder.writeOutbound(new PingWebSocketFrame(Unpooled.copiedBuffer(new byte[cut % 126])));
        encoder.writeOutbound(
            new ContinuationWebSocketFrame(
                true, 0, Unpooled.copiedBuffer(message, cut, message.length - cut)));
      }
    }
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  /** In the memory that TLS may bring it in: an array, outside the heap, in two buffers. */
  private static ByteBuf piece(ByteBuf wire, int length, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Unpooled.buffer(length).writeBytes(wire, length);
      case 1 -> Unpooled.directBuffer(length).writeBytes(wire, length);
      default ->
          Unpooled.wrappedBuffer(
              Unpooled.copiedBuffer(wire.readSlice(length / 2)),
              Unpooled.copiedBuffer(wire.readSlice(length - length / 2)));
    };
  }

  @Property
  void anyMessagesInAnySplitComeOutUnchanged(
      @ForAll @Size(max = 6) List<@Size(max = 70) byte[]> small,
      @ForAll @IntRange(max = 70_000) int large,
      @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    List<byte[]> messages = new ArrayList<>(small);
    byte[] big = new byte[large];
    random.nextBytes(big);
    messages.add(big);
    ByteBuf wire = encode(messages, random);
    Collected collected = new Collected();
    WebSocketDecoder decoder = new WebSocketDecoder(collected);
    while (wire.isReadable()) {
      int most = Math.min(wire.readableBytes(), random.nextBoolean() ? 3 : 20_000);
      ByteBuf piece = piece(wire, 1 + random.nextInt(most), random);
      decoder.decode(piece);
      piece.release();
    }
    assertThat(collected.messages).hasSameSizeAs(messages);
    for (int i = 0; i < messages.size(); i++) {
      assertThat(collected.messages.get(i).toByteArray()).isEqualTo(messages.get(i));
    }
  }

  @Property
  void anyBytesEndInAViolationOrInNothing(
      @ForAll @Size(max = 300) byte[] bytes, @ForAll @IntRange(min = 1, max = 40) int step) {
    WebSocketDecoder decoder = new WebSocketDecoder(new Collected());
    try {
      for (int at = 0; at < bytes.length; at += step) {
        decoder.decode(
            Unpooled.copiedBuffer(
                Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step))));
      }
    } catch (WebSocketDecoder.ViolationException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Example
  void whatFollowsACloseIsDropped() throws Exception {
    EmbeddedChannel encoder = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
    encoder.writeOutbound(new CloseWebSocketFrame(1000, ""));
    ByteBuf wire = Unpooled.buffer();
    for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
      wire.writeBytes(part);
    }
    wire.writeBytes(new byte[100]);
    Collected collected = new Collected();
    new WebSocketDecoder(collected).decode(wire);
    assertThat(collected.controls).containsExactly("8:2");
    assertThat(wire.isReadable()).isFalse();
  }

  @Example
  void eachViolationIsNamed() {
    refused("a frame without a mask", 0x82, 0x01, 0x00);
    refused("reserved bits", 0xc2, 0x80);
    refused("a continuation of nothing", 0x80, 0x80, 0, 0, 0, 0);
    refused("a message inside a message", 0x02, 0x80, 0, 0, 0, 0, 0x82, 0x80, 0, 0, 0, 0);
    refused("a control frame in parts", 0x09, 0x80, 0, 0, 0, 0);
    refused("a control frame in parts, or of 126", 0x89, 0xfe, 0, 126, 0, 0, 0, 0);
    refused("the unknown kind 3", 0x83, 0x80, 0, 0, 0, 0);
    refused("2^63", 0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  private static void refused(String why, int... bytes) {
    ByteBuf wire = Unpooled.buffer();
    for (int value : bytes) {
      wire.writeByte(value);
    }
    assertThatThrownBy(() -> new WebSocketDecoder(new Collected()).decode(wire))
        .isInstanceOf(WebSocketDecoder.ViolationException.class)
        .hasMessageContaining(why);
  }
}
