package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ExitStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any bytes, in any messages, in any split, through each channel protocol and through a tunnel. */
class AnyBytesTest {

  private static final StreamingSettings SETTINGS = StreamingSettingsTest.of(Map.of());

  @Provide
  Arbitrary<Long> seeds() {
    return Mutation.seeds();
  }

  /** Mostly short, sometimes longer than any chunk; less than a session may have on the way. */
  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 90_000 : 600)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static ByteBuf encode(WebSocketFrame... frames) {
    EmbeddedChannel client = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
    client.writeOutbound((Object[]) frames);
    return written(client);
  }

  private static ByteBuf written(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  private static void feed(EmbeddedChannel channel, ByteBuf wire, SplittableRandom random) {
    while (wire.isReadable()) {
      int most = Math.min(wire.readableBytes(), random.nextBoolean() ? 5 : 30_000);
      channel.writeInbound(wire.readBytes(1 + random.nextInt(most)));
      channel.runPendingTasks();
    }
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void everyChannelProtocolCarriesThemBothWays(@ForAll("seeds") long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    ChannelProtocol protocol =
        ChannelProtocol.values()[random.nextInt(ChannelProtocol.values().length)];
    FakeSession session = new FakeSession();
    EmbeddedChannel channel = new EmbeddedChannel();
    Front front = new Front();
    channel.pipeline().addLast(front);
    channel
        .pipeline()
        .addLast(
            new WebSocketRemoteCommand(
                channel.pipeline().context(front), SETTINGS, session.target(true), protocol));
    channel.runPendingTasks();
    byte[] input = bytes(random);
    feed(channel, input(protocol, input, random), random);
    byte[] arrived = session.input.toByteArray();
    assertThat(Arrays.mismatch(arrived, input))
        .as("%d of %d bytes are the same until", arrived.length, input.length)
        .isEqualTo(-1);
    byte[] output = bytes(random);
    session.streams.stdout(ByteBuffer.wrap(output));
    // An embedded channel runs what waits in the middle of a write; a real event loop does not.
    channel.runPendingTasks();
    session.streams.ended(new ExitStatus.Exited(0));
    channel.runPendingTasks();
    byte[] received = output(protocol, written(channel));
    assertThat(Arrays.mismatch(received, output))
        .as("%d of %d bytes are the same until", received.length, output.length)
        .isEqualTo(-1);
    channel.finishAndReleaseAll();
  }

  /** One message in two parts, with a ping between. */
  private static ByteBuf input(ChannelProtocol protocol, byte[] bytes, SplittableRandom random) {
    byte[] coded = protocol.base64() ? Base64.getEncoder().encode(bytes) : bytes;
    byte[] message = new byte[coded.length + 1];
    message[0] = (byte) (protocol.base64() ? '0' : 0);
    System.arraycopy(coded, 0, message, 1, coded.length);
    int cut = random.nextInt(message.length + 1);
    ByteBuf first = Unpooled.copiedBuffer(message, 0, cut);
    return encode(
        protocol.base64()
            ? new TextWebSocketFrame(false, 0, first)
            : new BinaryWebSocketFrame(false, 0, first),
        new PingWebSocketFrame(Unpooled.copiedBuffer(new byte[cut % 126])),
        new ContinuationWebSocketFrame(
            true, 0, Unpooled.copiedBuffer(message, cut, message.length - cut)));
  }

  private static byte[] output(ChannelProtocol protocol, ByteBuf wire) {
    EmbeddedChannel client =
        new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20));
    client.writeInbound(wire);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (WebSocketFrame frame = client.readInbound(); frame != null; frame = client.readInbound()) {
      byte[] payload = new byte[frame.content().readableBytes()];
      frame.content().readBytes(payload);
      boolean data = frame instanceof BinaryWebSocketFrame || frame instanceof TextWebSocketFrame;
      if (data && payload[0] == (protocol.base64() ? '1' : 1)) {
        byte[] rest = Arrays.copyOfRange(payload, 1, payload.length);
        all.writeBytes(protocol.base64() ? Base64.getDecoder().decode(rest) : rest);
      }
      frame.release();
    }
    return all.toByteArray();
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void aTunnelCarriesThemBothWays(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new WebSocketTunnel(),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf part = (ByteBuf) message;
                byte[] some = new byte[part.readableBytes()];
                part.readBytes(some);
                part.release();
                arrived.writeBytes(some);
              }
            });
    byte[] there = bytes(random);
    int cut = random.nextInt(there.length + 1);
    feed(
        channel,
        encode(
            new BinaryWebSocketFrame(Unpooled.copiedBuffer(there, 0, cut)),
            new BinaryWebSocketFrame(Unpooled.EMPTY_BUFFER),
            new BinaryWebSocketFrame(Unpooled.copiedBuffer(there, cut, there.length - cut))),
        random);
    assertThat(arrived.toByteArray()).isEqualTo(there);
    byte[] back = bytes(random);
    for (byte[] piece : Mutation.split(back, random)) {
      channel.writeOutbound(Unpooled.wrappedBuffer(piece));
    }
    EmbeddedChannel client =
        new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20));
    client.writeInbound(written(channel));
    ByteArrayOutputStream returned = new ByteArrayOutputStream();
    for (WebSocketFrame frame = client.readInbound(); frame != null; frame = client.readInbound()) {
      assertThat(frame).isNotInstanceOf(CloseWebSocketFrame.class);
      byte[] some = new byte[frame.content().readableBytes()];
      frame.content().readBytes(some);
      frame.release();
      returned.writeBytes(some);
    }
    assertThat(returned.toByteArray()).isEqualTo(back);
    channel.finishAndReleaseAll();
  }
}
