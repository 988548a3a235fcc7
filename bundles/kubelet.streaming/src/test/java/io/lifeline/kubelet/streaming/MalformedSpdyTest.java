package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Conversations of a SPDY client with something wrong: each goes on or ends with a reason, costs no
 * more than a bound, and leaves no buffer behind.
 *
 * <p>A failure prints its {@code seed}: add it to {@link #KNOWN}, so that it is tried for ever.
 */
class MalformedSpdyTest {

  /** Seeds that failed once. */
  private static final long[] KNOWN = {0, 1, -1, Long.MIN_VALUE};

  /** The longest control frame that is gathered. */
  private static final int BODY = 16384;

  /** What a header block of at most 8 KiB becomes: twice its bytes, and a map of 64 pairs. */
  private static final int HEADERS = 64 * 1024;

  /** Objects of a piece of data: a slice, no copy. */
  private static final int PIECE = 512;

  private static final List<byte[]> REMOTE_COMMAND =
      new SpdyConversation()
          .settings()
          .open(1, "streamtype", "error")
          .open(3, "streamtype", "stdin")
          .more(3, SpdyConversation.plain("more", "of it"))
          .open(5, "streamtype", "stdout")
          .windowUpdate(5, 0x7fffffff)
          .open(7, "streamtype", "resize")
          .data(7, "{\"Width\":80,\"Height\":24}", false)
          .ping(1)
          .data(3, "ls -l\n", false)
          .windowUpdate(0, 65536)
          .data(3, "x".repeat(300), true)
          .reset(7)
          .goAway()
          .done();

  private static final List<byte[]> PORT_FORWARD =
      new SpdyConversation()
          .open(1, "streamtype", "error", "port", "80", "requestid", "0")
          .open(3, "streamtype", "data", "port", "80", "requestid", "0")
          .data(3, "GET / HTTP/1.0\r\n\r\n", false)
          .open(5, "streamtype", "error", "port", "8080")
          .ping(3)
          .open(7, "streamtype", "data", "port", "8080")
          .data(7, "hello", true)
          .reset(3)
          .data(7, "late", false)
          .goAway()
          .done();

  private static final StreamingSettings SETTINGS = StreamingSettingsTest.of(Map.of());

  private static final UnpooledByteBufAllocator COUNTED = new UnpooledByteBufAllocator(false, true);

  @Provide
  Arbitrary<Long> seeds() {
    return Mutation.seeds();
  }

  /** Counts what it is told; allocates nothing. */
  private static final class Counting implements SpdyDecoder.Sink {
    int opened;

    @Override
    public void opened(int stream, Map<String, String> headers, boolean last) {
      opened++;
      assertThat(stream).isNotNegative();
    }

    @Override
    public void data(int stream, ByteBuf part, boolean last) {
      if (stream < 0) {
        throw new AssertionError("a stream with the negative number " + stream);
      }
    }

    @Override
    public void reset(int stream) {}

    @Override
    public void ping(int id) {}
  }

  @Property(
      tries = 300_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void framesWithSomethingWrongCostNoMoreThanTheirBound(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> frames = random.nextBoolean() ? REMOTE_COMMAND : PORT_FORWARD;
    decode(Mutation.split(Mutation.of(frames, random), random));
  }

  @Property(
      tries = 60_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void headerBlocksWithSomethingWrongCostNoMoreThanTheirBound(@ForAll("seeds") long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> lines =
        List.of(
            new byte[] {0, 0, 0, (byte) random.nextInt(4)},
            new byte[] {0, 0, 0, 4},
            "port".getBytes(StandardCharsets.UTF_8),
            new byte[] {0, 0, 0, 2},
            "80".getBytes(StandardCharsets.UTF_8),
            new byte[] {0, 0, 0, 10},
            "streamtype".getBytes(StandardCharsets.UTF_8),
            new byte[] {0, 0, 0, 5},
            "error".getBytes(StandardCharsets.UTF_8),
            new byte[random.nextInt(100) == 0 ? 12_000 : 0]);
    SpdyConversation conversation = new SpdyConversation();
    conversation.block(1, Mutation.of(lines, random)).block(3, Mutation.of(lines, random));
    byte[] wire = new byte[conversation.done().stream().mapToInt(frame -> frame.length).sum()];
    int at = 0;
    for (byte[] frame : conversation.frames()) {
      System.arraycopy(frame, 0, wire, at, frame.length);
      at += frame.length;
    }
    decode(Mutation.split(wire, random));
  }

  /** Decodes the pieces and asserts the bound. */
  private static void decode(List<byte[]> pieces) {
    Counting sink = new Counting();
    SpdyDecoder decoder = new SpdyDecoder(sink);
    ByteBuf[] wire = pieces.stream().map(Unpooled::wrappedBuffer).toArray(ByteBuf[]::new);
    int bytes = pieces.stream().mapToInt(piece -> piece.length).sum();
    String reason = "none";
    Allocated allocated = new Allocated();
    try {
      for (ByteBuf piece : wire) {
        decoder.decode(piece);
      }
    } catch (SpdyDecoder.ViolationException e) {
      reason = e.getMessage();
    }
    // Frames that are cut into each other may announce a body each; none is shorter than 8 bytes.
    int announced = bytes / 8 + 1;
    allocated.atMost(
        BODY
            + (long) announced * PIECE
            + (sink.opened + 2L) * HEADERS
            + (long) pieces.size() * PIECE,
        "a conversation of %d bytes".formatted(bytes));
    assertThat(reason).isNotBlank();
    decoder.noMoreHeaders();
  }

  @Property(
      tries = 30_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void aRemoteCommandWithSomethingWrongGoesOnOrEnds(@ForAll("seeds") long seed) {
    remoteCommand(seed);
  }

  private static void remoteCommand(long seed) {
    FakeSession session = new FakeSession();
    session.room = new SplittableRandom(seed).nextInt(400);
    goesOnOrEnds(
        seed,
        REMOTE_COMMAND,
        channel ->
            SpdyStreaming.pipeline(
                channel.pipeline(),
                front ->
                    new SpdyRemoteCommand(
                        front, SETTINGS, session.target(true), SpdyRemoteProtocol.V4)),
        1 << 16);
    assertThat(session.streams == null || session.closed)
        .as("a session that was opened was hung up when the connection went")
        .isTrue();
  }

  @Property(
      tries = 30_000,
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.SAMPLE_FIRST)
  void aPortForwardWithSomethingWrongGoesOnOrEnds(@ForAll("seeds") long seed) {
    portForward(seed);
  }

  private static void portForward(long seed) {
    goesOnOrEnds(
        seed,
        PORT_FORWARD,
        channel -> SpdyStreaming.pipeline(channel.pipeline(), NoPorts::new),
        1 << 16);
  }

  /** Sends it, closes, and sees that nothing is left. */
  private static void goesOnOrEnds(
      long seed, List<byte[]> frames, Consumer<EmbeddedChannel> pipeline, int mostAnswer) {
    SplittableRandom random = new SplittableRandom(seed);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(COUNTED);
    pipeline.accept(channel);
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
    assertThat(answered).isLessThan(mostAnswer);
    channel.close();
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
    assertThat(COUNTED.metric().usedHeapMemory()).as("bytes that are left").isZero();
  }

  @Example
  void whatFailedOnceIsGoodForEver() {
    for (long seed : KNOWN) {
      framesWithSomethingWrongCostNoMoreThanTheirBound(seed);
      headerBlocksWithSomethingWrongCostNoMoreThanTheirBound(seed);
      remoteCommand(seed);
      portForward(seed);
    }
    assertThat(Arrays.stream(KNOWN).distinct().count()).isEqualTo(KNOWN.length);
  }
}
