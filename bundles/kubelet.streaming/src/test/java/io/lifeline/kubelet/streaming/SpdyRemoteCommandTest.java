package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ExitStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdyWindowUpdateFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SpdyRemoteCommandTest {

  private static final StreamingSettings SETTINGS = StreamingSettingsTest.of(Map.of());

  private final FakeSession session = new FakeSession();

  private EmbeddedChannel server(boolean tty) {
    EmbeddedChannel channel = new EmbeddedChannel();
    SpdyStreaming.pipeline(
        channel.pipeline(),
        front ->
            new SpdyRemoteCommand(front, SETTINGS, session.target(tty), SpdyRemoteProtocol.V4));
    return channel;
  }

  private static SpdyFrame stream(int id, String type) {
    DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
    frame.headers().set("streamtype", type);
    return frame;
  }

  private static SpdyFrame data(int id, byte[] bytes, boolean last) {
    DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(id, Unpooled.copiedBuffer(bytes));
    frame.setLast(last);
    return frame;
  }

  private static ByteBuf bytes(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  private static ByteBuf encode(SpdyFrame... frames) {
    EmbeddedChannel client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    client.writeOutbound((Object[]) frames);
    return bytes(client);
  }

  private static ByteBuf opening(String... types) {
    SpdyFrame[] frames = new SpdyFrame[types.length];
    for (int i = 0; i < types.length; i++) {
      frames[i] = stream(2 * i + 1, types[i]);
    }
    return encode(frames);
  }

  @Property(tries = 200)
  void anyInputInAnySplitReachesTheProcessUnchanged(
      @ForAll @IntRange(max = 100_000) int length, @ForAll long seed) {
    Random random = new Random(seed);
    byte[] input = new byte[length];
    random.nextBytes(input);
    FakeSession before = session;
    before.input.reset();
    EmbeddedChannel channel = server(true);
    ByteBuf wire =
        encode(
            stream(1, "error"),
            stream(3, "stdin"),
            stream(5, "stdout"),
            stream(7, "resize"),
            data(7, "{\"Width\":80,\"Height\":24}".getBytes(StandardCharsets.UTF_8), false),
            data(3, input, false),
            new DefaultSpdyPingFrame(5),
            new DefaultSpdyWindowUpdateFrame(3, 65536),
            data(3, new byte[0], true));
    while (wire.isReadable()) {
      int most = Math.min(wire.readableBytes(), random.nextBoolean() ? 5 : 30_000);
      channel.writeInbound(wire.readBytes(1 + random.nextInt(most)));
      channel.runPendingTasks();
    }
    assertThat(session.input.toByteArray()).isEqualTo(input);
    assertThat(session.inputClosed).isTrue();
    channel.finishAndReleaseAll();
  }

  @Property
  void anyBytesHarmNobody(
      @ForAll @Size(max = 400) byte[] bytes, @ForAll boolean opened, @ForAll boolean framed) {
    EmbeddedChannel channel = server(false);
    if (opened) {
      channel.writeInbound(opening("error", "stdin", "stdout", "stderr"));
    }
    if (framed && bytes.length > 8) {
      // A frame whose header makes sense, around a body that does not.
      bytes[0] = (byte) 0x80;
      bytes[1] = 3;
      bytes[2] = 0;
      bytes[3] = (byte) (bytes[3] & 0x0f);
      bytes[5] = 0;
      bytes[6] = (byte) (bytes[6] & 1);
    }
    channel.writeInbound(Unpooled.copiedBuffer(bytes));
    channel.runPendingTasks();
    channel.checkException();
    channel.finishAndReleaseAll();
  }

  @Property(tries = 100)
  void anyOutputIsFramedSoThatAClientReadsItUnchanged(
      @ForAll @IntRange(max = 200_000) int length, @ForAll long seed) throws Exception {
    EmbeddedChannel channel = server(false);
    channel.writeInbound(opening("error", "stdin", "stdout", "stderr"));
    channel.runPendingTasks();
    byte[] output = new byte[length];
    new Random(seed).nextBytes(output);
    ByteBuffer source = ByteBuffer.wrap(output);
    while (source.hasRemaining()) {
      ByteBuffer piece = source.slice(source.position(), Math.min(65536, source.remaining()));
      source.position(source.position() + piece.remaining());
      session.streams.stdout(piece);
      assertThat(piece.hasRemaining()).isFalse();
      channel.runPendingTasks();
    }
    session.streams.ended(new ExitStatus.Exited(0));
    channel.runPendingTasks();
    EmbeddedChannel client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    client.writeInbound(bytes(channel));
    ByteBuf received = Unpooled.buffer();
    for (Object frame = client.readInbound(); frame != null; frame = client.readInbound()) {
      if (frame instanceof SpdyDataFrame data && data.streamId() == 5) {
        received.writeBytes(data.content());
      }
    }
    assertThat(received.compareTo(Unpooled.wrappedBuffer(output))).isZero();
    channel.finishAndReleaseAll();
  }

  @Example
  void readingStopsWhenTheProcessDoesNotReadAndGoesOnWhenItDoes() {
    EmbeddedChannel channel = server(false);
    channel.writeInbound(opening("error", "stdin", "stdout", "stderr"));
    channel.runPendingTasks();
    session.room = 10;
    channel.writeInbound(encode(data(3, new byte[60_000], false)));
    assertThat(channel.config().isAutoRead()).as("a little is held").isTrue();
    channel.writeInbound(encode(data(3, new byte[60_000], false)));
    assertThat(channel.config().isAutoRead()).as("much is not").isFalse();
    session.room = 10_000;
    session.streams.inputWanted();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    session.room = Integer.MAX_VALUE;
    session.streams.inputWanted();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(session.input.size()).isEqualTo(120_000);
    channel.finishAndReleaseAll();
  }

  @Example
  void whatIsNotTakenIsDroppedWhenTheProcessEnds() {
    EmbeddedChannel channel = server(false);
    channel.writeInbound(opening("error", "stdin", "stdout", "stderr"));
    channel.runPendingTasks();
    session.room = 0;
    channel.writeInbound(encode(data(3, new byte[200_000 / 4], false)));
    channel.writeInbound(encode(data(3, new byte[200_000 / 4], false)));
    assertThat(channel.config().isAutoRead()).isFalse();
    session.streams.ended(new ExitStatus.Exited(1));
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).as("the client may write on").isTrue();
    channel.writeInbound(encode(data(3, new byte[1000], true)));
    assertThat(channel.isActive()).isTrue();
    channel.close();
    channel.runPendingTasks();
    assertThat(session.closed).as("it had ended by itself").isFalse();
    channel.finishAndReleaseAll();
  }

  @Example
  void aHeaderBombIsRefused() {
    EmbeddedChannel client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    DefaultSpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(1, 0, (byte) 0);
    for (int i = 0; i < 200; i++) {
      frame.headers().set("h" + i, "x".repeat(60_000));
    }
    client.writeOutbound(frame);
    ByteBuf bomb = bytes(client);
    assertThat(bomb.readableBytes()).as("12 MB in little").isLessThan(65536);
    EmbeddedChannel channel = server(false);
    channel.writeInbound(bomb);
    channel.runPendingTasks();
    assertThat(channel.isActive()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Example
  void thousandsOfStreamsAreRefused() {
    EmbeddedChannel channel = server(false);
    channel.writeInbound(opening("error", "stdin", "stdout", "stderr"));
    channel.writeInbound(encode(stream(9, "stdout")));
    channel.runPendingTasks();
    assertThat(channel.isActive()).isFalse();
    assertThat(session.lost).as("nobody meant it to end").isTrue();
    channel.finishAndReleaseAll();
  }
}
