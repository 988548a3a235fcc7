package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.TerminalSize;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class WebSocketRemoteCommandTest {

  private static final StreamingSettings SETTINGS = StreamingSettingsTest.of(Map.of());

  private final FakeSession session = new FakeSession();

  private EmbeddedChannel server() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Front front = new Front();
    channel.pipeline().addLast(front);
    channel
        .pipeline()
        .addLast(
            new WebSocketRemoteCommand(
                channel.pipeline().context(front),
                SETTINGS,
                session.target(true),
                ChannelProtocol.V5));
    channel.runPendingTasks();
    return channel;
  }

  private static ByteBuf encode(WebSocketFrame... frames) {
    EmbeddedChannel client = new EmbeddedChannel(new WebSocket13FrameEncoder(true));
    client.writeOutbound((Object[]) frames);
    return bytes(client);
  }

  private static ByteBuf bytes(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    return all;
  }

  private static BinaryWebSocketFrame message(boolean last, int... bytes) {
    ByteBuf payload = Unpooled.buffer();
    for (int value : bytes) {
      payload.writeByte(value);
    }
    return new BinaryWebSocketFrame(last, 0, payload);
  }

  private static List<WebSocketFrame> received(EmbeddedChannel channel) {
    EmbeddedChannel client =
        new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20));
    client.writeInbound(bytes(channel));
    List<WebSocketFrame> frames = new ArrayList<>();
    for (WebSocketFrame frame = client.readInbound(); frame != null; frame = client.readInbound()) {
      frames.add(frame);
    }
    return frames;
  }

  @Property(tries = 200)
  void anyInputInAnySplitReachesTheProcessUnchanged(
      @ForAll @IntRange(max = 100_000) int length, @ForAll long seed) {
    Random random = new Random(seed);
    byte[] input = new byte[length];
    random.nextBytes(input);
    session.input.reset();
    EmbeddedChannel channel = server();
    ByteBuf wire =
        encode(
            new BinaryWebSocketFrame(
                Unpooled.wrappedBuffer(
                    "\4{\"Width\":80,\"Height\":24}".getBytes(StandardCharsets.UTF_8))),
            message(false),
            new ContinuationWebSocketFrame(false, 0, Unpooled.wrappedBuffer(new byte[1])),
            new ContinuationWebSocketFrame(true, 0, Unpooled.wrappedBuffer(input)),
            message(true),
            message(true, 255, 0));
    while (wire.isReadable()) {
      int most = Math.min(wire.readableBytes(), random.nextBoolean() ? 5 : 30_000);
      channel.writeInbound(wire.readBytes(1 + random.nextInt(most)));
      channel.runPendingTasks();
    }
    assertThat(session.input.toByteArray()).isEqualTo(input);
    assertThat(session.sizes).contains(new TerminalSize(80, 24));
    assertThat(session.inputClosed).isTrue();
    channel.finishAndReleaseAll();
  }

  @Property
  void anyBytesHarmNobody(@ForAll @Size(max = 300) byte[] bytes) {
    EmbeddedChannel channel = server();
    channel.writeInbound(Unpooled.copiedBuffer(bytes));
    channel.runPendingTasks();
    channel.checkException();
    channel.finishAndReleaseAll();
  }

  @Example
  void aViolationIsAnsweredWith1002AndEndsTheSession() {
    EmbeddedChannel channel = server();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 1, 0}));
    channel.runPendingTasks();
    assertThat(channel.isActive()).isFalse();
    assertThat(session.lost).as("nobody meant it to end").isTrue();
    List<WebSocketFrame> frames = received(channel);
    assertThat(((CloseWebSocketFrame) frames.get(frames.size() - 1)).statusCode()).isEqualTo(1002);
  }

  @Example
  void theEndIsTheStatusThenAClose() {
    EmbeddedChannel channel = server();
    session.streams.ended(new ExitStatus.Exited(0));
    channel.runPendingTasks();
    List<WebSocketFrame> frames = received(channel);
    assertThat(frames.get(0).content().toString(StandardCharsets.UTF_8))
        .isEqualTo("\3{\"metadata\":{},\"status\":\"Success\"}");
    assertThat(((CloseWebSocketFrame) frames.get(1)).statusCode()).isEqualTo(1000);
    assertThat(channel.isActive()).as("the peer's close is awaited").isTrue();
    channel.writeInbound(encode(new CloseWebSocketFrame(1000, "")));
    channel.runPendingTasks();
    assertThat(channel.isActive()).isFalse();
    assertThat(session.closed).isFalse();
  }

  @Example
  void aSignOfLifeIsGivenWhileInputIsHeld() {
    EmbeddedChannel channel = server();
    channel.freezeTime();
    session.room = 0;
    byte[] much = new byte[100_000];
    channel.writeInbound(encode(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(much))));
    assertThat(channel.config().isAutoRead()).isFalse();
    received(channel);
    channel.advanceTimeBy(11, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(received(channel)).hasSize(2).hasOnlyElementsOfType(PongWebSocketFrame.class);
    session.room = Integer.MAX_VALUE;
    session.streams.inputWanted();
    channel.runPendingTasks();
    channel.advanceTimeBy(11, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(received(channel)).isEmpty();
    channel.finishAndReleaseAll();
  }

  @Example
  void aThousandKeystrokesThatAreNotReadCostLittle() {
    EmbeddedChannel channel = server();
    session.room = 0;
    for (int i = 0; i < 1000 && channel.config().isAutoRead(); i++) {
      channel.writeInbound(encode(message(true, 0, 'x')));
    }
    assertThat(channel.config().isAutoRead()).as("their overhead is counted").isFalse();
    channel.finishAndReleaseAll();
  }
}
