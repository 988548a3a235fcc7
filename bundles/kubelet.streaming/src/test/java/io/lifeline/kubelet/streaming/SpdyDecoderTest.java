package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyHeadersFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySettingsFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdyWindowUpdateFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.Adler32;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Against Netty's codec, which plays the client. */
class SpdyDecoderTest {

  /** Everything that came out, data of one stream joined. */
  private static final class Collected implements SpdyDecoder.Sink {
    final List<String> events = new ArrayList<>();
    final ByteBuf data = Unpooled.buffer();

    @Override
    public void opened(int stream, Map<String, String> headers, boolean last) {
      events.add("opened %d %s %s".formatted(stream, new TreeMap<>(headers), last));
    }

    @Override
    public void data(int stream, ByteBuf part, boolean last) {
      data.writeBytes(part);
      if (last) {
        events.add("end " + stream);
      }
    }

    @Override
    public void reset(int stream) {
      events.add("reset " + stream);
    }

    @Override
    public void ping(int id) {
      events.add("ping " + id);
    }
  }

  private static EmbeddedChannel client() {
    return new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  }

  private static ByteBuf encode(Object... frames) {
    EmbeddedChannel client = client();
    client.writeOutbound(frames);
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  private static DefaultSpdySynStreamFrame stream(int id, Map<String, String> headers) {
    DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    headers.forEach((name, value) -> frame.headers().set(name, value));
    return frame;
  }

  @Property(tries = 300)
  void anyFramesInAnySplitComeOut(
      @ForAll @Size(max = 5)
          Map<
                  @AlphaChars @StringLength(min = 1, max = 9) String,
                  @AlphaChars @StringLength(min = 1, max = 80) String>
              headers,
      @ForAll @IntRange(max = 70_000) int length,
      @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    Map<String, String> lower = new TreeMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(java.util.Locale.ROOT), value));
    DefaultSpdyHeadersFrame more = new DefaultSpdyHeadersFrame(1);
    more.headers().set("more", "of it");
    DefaultSpdyDataFrame data = new DefaultSpdyDataFrame(1, Unpooled.copiedBuffer(bytes));
    data.setLast(true);
    ByteBuf wire =
        encode(
            stream(1, lower),
            new DefaultSpdySettingsFrame().setValue(4, 65536),
            more,
            new DefaultSpdyPingFrame(7),
            stream(3, Map.of("streamtype", "stdin", "again", "the same words, the same words")),
            new DefaultSpdyWindowUpdateFrame(1, 5),
            data,
            new DefaultSpdyRstStreamFrame(3, 5),
            new DefaultSpdyGoAwayFrame(3));
    Collected collected = new Collected();
    SpdyDecoder decoder = new SpdyDecoder(collected);
    while (wire.isReadable()) {
      int most = Math.min(wire.readableBytes(), random.nextBoolean() ? 4 : 20_000);
      ByteBuf piece = wire.readBytes(1 + random.nextInt(most));
      decoder.decode(piece);
      piece.release();
    }
    decoder.noMoreHeaders();
    assertThat(collected.events)
        .containsExactly(
            "opened 1 %s false".formatted(lower),
            "ping 7",
            "opened 3 {again=the same words, the same words, streamtype=stdin} false",
            "end 1",
            "reset 3");
    assertThat(collected.data.compareTo(Unpooled.wrappedBuffer(bytes))).isZero();
  }

  @Property
  void anyBytesEndInAViolationOrInNothing(
      @ForAll @Size(max = 300) byte[] bytes,
      @ForAll @IntRange(max = 9) int type,
      @ForAll boolean control) {
    if (bytes.length > 8 && control) {
      bytes[0] = (byte) 0x80;
      bytes[1] = 3;
      bytes[2] = 0;
      bytes[3] = (byte) type;
      bytes[5] = 0;
      bytes[6] = 0;
    }
    SpdyDecoder decoder = new SpdyDecoder(new Collected());
    try {
      decoder.decode(encode(stream(1, Map.of("a", "b"))));
      decoder.decode(Unpooled.wrappedBuffer(bytes));
    } catch (SpdyDecoder.ViolationException e) {
      assertThat(e.getMessage()).isNotBlank();
    } finally {
      decoder.noMoreHeaders();
    }
  }

  @Property
  void damagedHeadersEndInAViolationOrInOtherHeaders(
      @ForAll @IntRange(min = 18, max = 60) int at, @ForAll byte damage) {
    ByteBuf wire = encode(stream(1, Map.of("streamtype", "stdin", "port", "80")));
    wire.setByte(Math.min(at, wire.readableBytes() - 1), damage);
    SpdyDecoder decoder = new SpdyDecoder(new Collected());
    try {
      decoder.decode(wire);
    } catch (SpdyDecoder.ViolationException e) {
      assertThat(e.getMessage()).isNotBlank();
    } finally {
      decoder.noMoreHeaders();
    }
  }

  @Example
  void theDictionaryIsTheOneOfTheDraft() {
    Adler32 sum = new Adler32();
    sum.update(SpdyDictionary.bytes());
    assertThat((int) sum.getValue()).isEqualTo(SpdyDictionary.ID);
  }

  @Example
  void whatTheServerWritesAClientReads() {
    EmbeddedChannel client = client();
    UnpooledByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    for (int stream : new int[] {1, 3, 5}) {
      client.writeInbound(SpdyFrames.reply(allocator, stream, stream == 1));
      SpdySynReplyFrame reply = client.readInbound();
      assertThat(reply.streamId()).isEqualTo(stream);
      assertThat(reply.headers().getAsString("accepted")).isEqualTo("1");
    }
    client.writeInbound(SpdyFrames.ping(allocator, 7), SpdyFrames.reset(allocator, 9, 3));
    assertThat(((SpdyPingFrame) client.readInbound()).id()).isEqualTo(7);
    SpdyRstStreamFrame reset = client.readInbound();
    assertThat(reset.streamId()).isEqualTo(9);
    assertThat(reset.status().code()).isEqualTo(3);
  }

  @Example
  void tooManyHeadersOrTooLongOnesAreAViolation() {
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < 65; i++) {
      many.put("h" + i, "v");
    }
    violation(encode(stream(1, many)), "more than 64 headers");
    violation(encode(stream(1, Map.of("h", "x".repeat(60_000)))), "more than 8192 bytes");
    violation(Unpooled.wrappedBuffer(new byte[] {(byte) 0x80, 3, 0, 1, 0, 1, 0, 0}), "65536");
    violation(Unpooled.wrappedBuffer(new byte[] {(byte) 0x80, 2, 0, 1, 0, 0, 0, 0}), "SPDY/3");
    violation(Unpooled.wrappedBuffer(new byte[] {(byte) 0x80, 3, 0, 6, 0, 0, 0, 0}), "only 0");
  }

  @Example
  void headersAfterTheLastAreAViolation() throws Exception {
    ByteBuf wire = encode(stream(1, Map.of("a", "b")), stream(3, Map.of("a", "b")));
    SpdyDecoder decoder = new SpdyDecoder(new Collected());
    int second = 8 + wire.getUnsignedMedium(5);
    decoder.decode(wire.readSlice(second));
    decoder.noMoreHeaders();
    assertThatThrownBy(() -> decoder.decode(wire))
        .isInstanceOf(SpdyDecoder.ViolationException.class);
  }

  private static void violation(ByteBuf wire, String why) {
    SpdyDecoder decoder = new SpdyDecoder(new Collected());
    assertThatThrownBy(() -> decoder.decode(wire))
        .isInstanceOf(SpdyDecoder.ViolationException.class)
        .hasMessageContaining(why);
    decoder.noMoreHeaders();
  }

  @Example
  void aFrameWithoutABodyIsWhole() throws Exception {
    Collected collected = new Collected();
    new SpdyDecoder(collected).decode(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 3, 1, 0, 0, 0}));
    assertThat(collected.events).containsExactly("end 3");
    assertThat(Arrays.asList(collected.data.readableBytes())).containsExactly(0);
  }
}
