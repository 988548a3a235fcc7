package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.kubelet.api.StreamTarget.PortForward;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Conversations of a WebSocket client with something wrong: each goes on or ends with a reason,
 * costs no more than a bound, and leaves no buffer behind.
 *
 * <p>A failure prints its {@code seed}: add it to {@link #KNOWN}, so that it is tried for ever.
 */
class MalformedWebSocketTest {

  /** Seeds that failed once. */
  private static final long[] KNOWN = {0, 1, -1, Long.MIN_VALUE};

  private static final StreamingSettings SETTINGS = StreamingSettingsTest.of(Map.of());

  /** Objects of a piece: slices, and a control frame of at most 125 bytes; no copy of data. */
  private static final int PIECE = 512;

  /** Classes that are loaded meanwhile, and how exactly a thread's allocations are known. */
  private static final int SLACK = 65536;

  private static final UnpooledByteBufAllocator COUNTED = new UnpooledByteBufAllocator(false, true);

  private static List<byte[]> remoteCommand(boolean base64) {
    return new WebSocketConversation(base64)
        .message(4, "{\"Width\":80,\"Height\":24}")
        .message(0, "ls -l\n")
        .ping("are you there?")
        .frame(base64 ? WebSocketDecoder.TEXT : WebSocketDecoder.BINARY, new byte[] {0x30})
        .frame(WebSocketDecoder.CONTINUATION, "YWJj".getBytes())
        .ping("")
        .frame(0x80 | WebSocketDecoder.CONTINUATION, "ZGVm".getBytes())
        .message(0, "x".repeat(400))
        .message(3, "what a client may not say")
        .message(255, "\0")
        .message(0, "late")
        .close(1000)
        .frames();
  }

  private static final List<byte[]> BINARY = remoteCommand(false);
  private static final List<byte[]> BASE64 = remoteCommand(true);

  private static final List<byte[]> TUNNEL = tunnel();

  /** SPDY frames, cut into messages where it pleases. */
  private static List<byte[]> tunnel() {
    WebSocketConversation conversation = new WebSocketConversation(false);
    List<byte[]> frames =
        new SpdyConversation()
            .open(1, "streamtype", "error", "port", "80", "requestid", "0")
            .open(3, "streamtype", "data", "port", "80", "requestid", "0")
            .data(3, "GET / HTTP/1.0\r\n\r\n", false)
            .ping(1)
            .data(3, "", true)
            .done();
    for (byte[] frame : frames) {
      int cut = frame.length / 3;
      conversation
          .frame(0x80 | WebSocketDecoder.BINARY, java.util.Arrays.copyOf(frame, cut))
          .frame(
              0x80 | WebSocketDecoder.BINARY,
              java.util.Arrays.copyOfRange(frame, cut, frame.length));
    }
    return conversation.ping("still there?").close(1000).frames();
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Mutation.seeds();
  }

  @Property(
      tries = 400_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void framesWithSomethingWrongCostNoMoreThanTheirBound(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] wire = Mutation.of(random.nextBoolean() ? BINARY : TUNNEL, random);
    List<byte[]> pieces = Mutation.split(wire, random);
    long[] delivered = new long[1];
    WebSocketDecoder decoder =
        new WebSocketDecoder(
            new WebSocketDecoder.Sink() {
              @Override
              public void message(ByteBuf part, boolean first) {
                delivered[0] += part.readableBytes();
              }

              @Override
              public void control(int opcode, ByteBuf payload) {
                delivered[0] += payload.readableBytes();
              }
            });
    ByteBuf[] bufs = pieces.stream().map(Unpooled::wrappedBuffer).toArray(ByteBuf[]::new);
    String reason = "none";
    Allocated allocated = new Allocated();
    try {
      for (ByteBuf piece : bufs) {
        decoder.decode(piece);
      }
    } catch (WebSocketDecoder.ViolationException e) {
      reason = e.getMessage();
    }
    // Each frame has at least six bytes, and each is another piece.
    allocated.atMost(
        SLACK + (pieces.size() + wire.length / 6L) * PIECE,
        "a conversation of %d bytes".formatted(wire.length));
    assertThat(reason).isNotBlank();
    assertThat(delivered[0]).isLessThanOrEqualTo(wire.length);
  }

  @Property(
      tries = 40_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void aRemoteCommandWithSomethingWrongGoesOnOrEnds(@ForAll("seeds") long seed) {
    remoteCommandGoesOnOrEnds(seed);
  }

  private static void remoteCommandGoesOnOrEnds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ChannelProtocol protocol =
        ChannelProtocol.values()[random.nextInt(ChannelProtocol.values().length)];
    FakeSession session = new FakeSession();
    session.room = random.nextInt(400);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(COUNTED);
    Front front = new Front();
    channel.pipeline().addLast(front);
    channel
        .pipeline()
        .addLast(
            new WebSocketRemoteCommand(
                channel.pipeline().context(front), SETTINGS, session.target(true), protocol));
    // One in four clients speaks the other coding.
    boolean other = random.nextInt(4) == 0;
    send(channel, protocol.base64() != other ? BASE64 : BINARY, random);
    assertThat(session.closed).as("the session was hung up").isTrue();
  }

  @Property(
      tries = 20_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void aTunnelWithSomethingWrongGoesOnOrEnds(@ForAll("seeds") long seed) {
    tunnelGoesOnOrEnds(seed);
  }

  private static void tunnelGoesOnOrEnds(long seed) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(COUNTED);
    channel.pipeline().addLast(new WebSocketTunnel());
    SpdyStreaming.pipeline(channel.pipeline(), NoPorts::new);
    send(channel, TUNNEL, new SplittableRandom(seed));
  }

  @Property(
      tries = 20_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void aPortForwardWithSomethingWrongGoesOnOrEnds(@ForAll("seeds") long seed) {
    portForwardGoesOnOrEnds(seed);
  }

  private static void portForwardGoesOnOrEnds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean base64 = random.nextBoolean();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(COUNTED);
    Front front = new Front();
    channel.pipeline().addLast(front);
    channel
        .pipeline()
        .addLast(
            new WebSocketPortForward(
                channel.pipeline().context(front),
                SETTINGS,
                new PortForward("default/debug", List.of(80, 443)),
                base64 ? ChannelProtocol.V4_BASE64 : ChannelProtocol.V4) {
              @Override
              public ChannelFuture connect(Bootstrap bootstrap, InetSocketAddress address) {
                return new EmbeddedChannel().newPromise();
              }
            });
    boolean other = random.nextInt(4) == 0;
    send(channel, base64 != other ? BASE64 : BINARY, random);
  }

  /** Sends a changed conversation, closes, and sees that nothing is left. */
  private static void send(EmbeddedChannel channel, List<byte[]> frames, SplittableRandom random) {
    for (byte[] piece : Mutation.split(Mutation.of(frames, random), random)) {
      if (!channel.isActive()) {
        break;
      }
      channel.writeInbound(COUNTED.heapBuffer(piece.length).writeBytes(piece));
      channel.runPendingTasks();
    }
    channel.checkException();
    int answered = 0;
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      answered += part.readableBytes();
      part.release();
    }
    assertThat(answered).as("bytes of the answer").isLessThan(8192);
    channel.close();
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
    assertThat(COUNTED.metric().usedHeapMemory()).as("bytes that are left").isZero();
  }

  @Property(
      tries = 100_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void aResizeWithSomethingWrongGivesASizeThatATerminalHas(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> words = new ArrayList<>();
    for (String word :
        new String[] {
          "{",
          "\"Width\"",
          ":",
          Integer.toString(random.nextInt(-1, 70_000)),
          ",",
          "\"Height\"",
          " : ",
          Integer.toString(random.nextInt(-1, 70_000)),
          "}",
          "\n"
        }) {
      words.add(word.getBytes());
    }
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pieces.addAll(Mutation.split(Mutation.of(words, random), random));
    }
    List<Integer> sizes = new ArrayList<>();
    ResizeParser parser =
        new ResizeParser(
            size -> {
              // The record itself refuses what no terminal has.
              sizes.add(size.columns());
            });
    ByteBuf[] bufs = pieces.stream().map(Unpooled::wrappedBuffer).toArray(ByteBuf[]::new);
    Allocated allocated = new Allocated();
    for (ByteBuf piece : bufs) {
      parser.feed(piece);
    }
    int bytes = pieces.stream().mapToInt(piece -> piece.length).sum();
    allocated.atMost(SLACK + 1024L * (sizes.size() + bytes), "%d bytes of sizes".formatted(bytes));
    parser.feed(Unpooled.wrappedBuffer("}{\"Width\":7,\"Height\":24}".getBytes()));
    assertThat(sizes.get(sizes.size() - 1)).as("it reads on").isEqualTo(7);
  }

  @Property(
      tries = 60_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void base64WithSomethingWrongIsRefusedOrSmall(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] plain = new byte[random.nextInt(200)];
    random.nextBytes(plain);
    byte[] coded = Mutation.of(List.of(java.util.Base64.getEncoder().encode(plain)), random);
    Base64Stream stream = new Base64Stream();
    int decoded = 0;
    try {
      for (byte[] piece : Mutation.split(coded, random)) {
        ByteBuf part = stream.decode(COUNTED, Unpooled.wrappedBuffer(piece));
        decoded += part.readableBytes();
        part.release();
      }
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    assertThat(decoded).isLessThanOrEqualTo(coded.length * 3 / 4);
    assertThat(COUNTED.metric().usedHeapMemory()).isZero();
  }

  @Example
  void whatFailedOnceIsGoodForEver() {
    for (long seed : KNOWN) {
      framesWithSomethingWrongCostNoMoreThanTheirBound(seed);
      remoteCommandGoesOnOrEnds(seed);
      tunnelGoesOnOrEnds(seed);
      portForwardGoesOnOrEnds(seed);
      aResizeWithSomethingWrongGivesASizeThatATerminalHas(seed);
      base64WithSomethingWrongIsRefusedOrSmall(seed);
    }
  }
}
