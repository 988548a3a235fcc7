package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Peers that have proved who they are and mean no good, at a door that listens: each is bounded or
 * refused, the buffers stay what they are, and a neighbour's session goes on meanwhile.
 */
@Timeout(240)
class HostilePeerTest {

  private static final String EXEC = "/exec/default/debug/debugger?command=";
  private static final int MANY = 20_000;

  /** What one peer may make the door's buffers grow by: water mark, queue and a read or two. */
  private static final long PEER = 4 << 20;

  private OpenDoor door;
  private Healthy neighbour;
  private long before;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of(), Map.of("forwards.max", "64", "creation.timeout", "2s"));
    neighbour = new Healthy(door);
    before = KubeletListener.buffers();
  }

  @AfterEach
  void close() throws Exception {
    try (Healthy last = neighbour) {
      last.echoes();
      Client.await("the hostile ones are gone", () -> door.door.connections() == 1);
      Client.await("their buffers are back", () -> KubeletListener.buffers() <= before + 65536);
    } finally {
      door.close();
    }
  }

  private void bounded() throws InterruptedException {
    neighbour.echoes();
    assertThat(KubeletListener.buffers() - before).as("bytes in buffers").isLessThan(PEER);
  }

  private SpdyClient exec(String command) throws Exception {
    return SpdyClient.exec(door, EXEC + command + "&input=1&output=1", "error", "stdin", "stdout");
  }

  private SpdyClient forward() throws Exception {
    SpdyClient client =
        new SpdyClient(door.address(), FakeNode.API_SERVER, "/portForward/default/debug");
    client.header("X-Stream-Protocol-Version", "portforward.k8s.io");
    assertThat(client.send().status().code()).isEqualTo(101);
    return client;
  }

  /** Writes as fast as the door takes it, until it has had enough or the peer has said it all. */
  private void flood(Client client, int times, java.util.function.IntFunction<Object> frame)
      throws InterruptedException {
    for (int i = 0; i < times && client.channel.isActive(); i++) {
      client.channel.write(frame.apply(i));
      if (i % 256 == 255) {
        ChannelFuture sent = client.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (!sent.await(500)) {
          break;
        }
      }
    }
    client.channel.flush();
  }

  private static ByteBuf control(int type, int first, int second) {
    return Unpooled.buffer(16)
        .writeInt(0x80030000 | type)
        .writeInt(8)
        .writeInt(first)
        .writeInt(second);
  }

  /** Raw frames from here on: what follows is nothing that a codec would write. */
  private static void raw(Client client) {
    client
        .channel
        .eventLoop()
        .submit(() -> client.channel.pipeline().remove(SpdyFrameCodec.class))
        .awaitUninterruptibly();
  }

  @Test
  void windowUpdatesBeyondAnyWindowChangeNothing() throws Exception {
    try (SpdyClient client = exec("cat")) {
      raw(client);
      flood(client, MANY, i -> control(9, i % 2 == 0 ? 0 : 3, 0x7fffffff));
      client.channel.writeAndFlush(control(9, 3, 0x80000000)).sync();
      bounded();
      assertThat(client.channel.isActive()).isTrue();
    }
  }

  @Test
  void settingsAndHeadersWithoutEndAreSkippedOrEndTheConnection() throws Exception {
    try (SpdyClient client = exec("cat")) {
      raw(client);
      flood(client, MANY, i -> control(4, 0, 0));
      bounded();
      assertThat(client.channel.isActive()).as("settings say nothing here").isTrue();
      client.channel.writeAndFlush(control(8, 3, 0)).sync();
      Client.await("headers that nobody needs ended it", () -> !client.channel.isActive());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pingsWithoutEndAreAnsweredOnlyToWhoReadsThem(boolean reads) throws Exception {
    try (SpdyClient client = exec("cat")) {
      client.channel.config().setAutoRead(reads);
      flood(client, MANY / 4, i -> new DefaultSpdyPingFrame(2 * i + 1));
      bounded();
    }
  }

  @Test
  void streamsWithoutEndEndTheConnection() throws Exception {
    try (SpdyClient client = exec("cat")) {
      for (int i = 0; i < MANY && client.channel.isActive(); i++) {
        client.open("more " + i, Map.of("streamtype", "stdin"));
      }
      Client.await("it was closed", () -> !client.channel.isActive());
      bounded();
      Client.await("its session was hung up", () -> door.node.process().hungUp());
    }
  }

  @Test
  void portsWithoutEndAreRefusedAndThenTheConnectionEnds() throws Exception {
    try (ServerSocket port = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        SpdyClient client = forward()) {
      for (int i = 0; i < MANY && client.channel.isActive(); i++) {
        client.open("error " + i, pair("error", port.getLocalPort(), i));
        if (i % 64 == 63) {
          Client.await(
              "it was sent", () -> client.channel.isWritable() || !client.channel.isActive());
        }
      }
      Client.await("it was closed", () -> !client.channel.isActive());
      assertThat(client.resets.size()).as("streams that were refused").isGreaterThan(100);
      bounded();
    }
  }

  private static Map<String, String> pair(String type, int port, int request) {
    return Map.of("streamtype", type, "port", Integer.toString(port), "requestid", "" + request);
  }

  /** The listener's queue is full, so that every connection to it hangs. */
  @Test
  void streamsThatAreResetAtOnceLeaveNoSocketBehind() throws Exception {
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        SpdyClient client = forward()) {
      int descriptors = descriptors();
      for (int i = 0; i < 3000 && client.channel.isActive(); i++) {
        int error = client.open("error " + i, pair("error", port.getLocalPort(), i));
        client.open("data " + i, pair("data", port.getLocalPort(), i));
        client.channel.writeAndFlush(new DefaultSpdyRstStreamFrame(error, 5));
        if (i % 64 == 63) {
          Client.await(
              "it was sent", () -> client.channel.isWritable() || !client.channel.isActive());
        }
      }
      bounded();
      await(
          () -> "sockets: " + descriptors() + " after " + descriptors,
          () -> descriptors() < descriptors + 100);
    }
  }

  private static int descriptors() {
    String[] open = new java.io.File("/proc/self/fd").list();
    return open == null ? 0 : open.length;
  }

  private static void await(java.util.function.Supplier<String> what, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what.get()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void aHeaderBombEndsTheConnectionThatBroughtIt() throws Exception {
    try (SpdyClient client = forward()) {
      DefaultSpdySynStreamFrame bomb = new DefaultSpdySynStreamFrame(1, 0, (byte) 0);
      for (int i = 0; i < 60; i++) {
        bomb.headers().set("h" + i, "x".repeat(60_000));
      }
      client.channel.writeAndFlush(bomb);
      Client.await("it was closed", () -> !client.channel.isActive());
      bounded();
    }
  }

  @Test
  void dataOnStreamsThatAreOverIsDropped() throws Exception {
    try (SpdyClient client = exec("cat")) {
      client.write("stdin", "before");
      client.end("stdin");
      Client.await("the status came", () -> client.received("error").ended());
      int stdin = client.id("stdin");
      byte[] late = new byte[4096];
      flood(client, 5000, i -> new DefaultSpdyDataFrame(stdin, Unpooled.wrappedBuffer(late)));
      bounded();
      assertThat(client.received("stdout").text()).isEqualTo("before");
    }
  }

  @Test
  void inputByteByByteIsDeliveredWhole() throws Exception {
    try (SpdyClient client = exec("sum")) {
      for (int i = 0; i < MANY; i++) {
        client.write("stdin", new byte[] {'x'});
        if (i % 256 == 255) {
          Client.await(
              "it was sent", () -> client.channel.isWritable() || !client.channel.isActive());
        }
      }
      bounded();
      client.end("stdin");
      Client.await("the status came", () -> client.received("error").ended());
      byte[] all = "x".repeat(MANY).getBytes(StandardCharsets.US_ASCII);
      assertThat(client.received("stdout").text())
          .isEqualTo(
              java.util.HexFormat.of()
                  .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(all)));
    }
  }

  /** Frames of one byte in records of one byte, to a process that does not read. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void crumbsThatNobodyReadsAreHeldBack(boolean webSocket) throws Exception {
    try (Client client =
        webSocket
            ? ChannelClient.exec(door, EXEC + "stuck&input=1&output=1", "v5.channel.k8s.io")
            : exec("stuck")) {
      if (client instanceof ChannelClient socket) {
        flood(
            client,
            5 * MANY,
            i ->
                new io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame(
                    Unpooled.wrappedBuffer(new byte[] {0, 'x'})));
        assertThat(socket.channel.isActive()).isTrue();
      } else {
        int stdin = ((SpdyClient) client).id("stdin");
        flood(
            client,
            5 * MANY,
            i -> new DefaultSpdyDataFrame(stdin, Unpooled.wrappedBuffer(new byte[] {'x'})));
      }
      bounded();
    }
  }

  @Test
  void whoReadsNothingCostsHisWaterMark() throws Exception {
    try (SpdyClient client = exec("generate&command=" + (1 << 30))) {
      client.channel.config().setAutoRead(false);
      Client.await("output came", () -> door.node.process().written.get() > 1 << 20);
      neighbour.echoes();
      long[] last = {-1};
      Client.await(
          "the process stands still",
          () -> {
            long then = last[0];
            last[0] = door.node.process().written.get();
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            return then == last[0];
          });
      bounded();
    }
  }

  @Test
  void whoOpensHisStreamsTooSlowlyIsClosed() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(door, EXEC + "cat&input=1&output=1", "error", "stdin")) {
      raw(client);
      byte[] syn = {(byte) 0x80, 3, 0, 1, 0, 0, 0, 40, 0, 0, 0, 5};
      for (byte one : syn) {
        client.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {one}));
        neighbour.echoes();
      }
      Client.await("it was closed", () -> !client.channel.isActive());
    }
  }

  @Test
  void whoClosesHalfOfHisConnectionLosesTheOther() throws Exception {
    try (SpdyClient client = exec("stuck")) {
      ((SocketChannel) client.channel).shutdownOutput().sync();
      Client.await("it was hung up", () -> door.node.process().hungUp());
      Client.await("it was closed", () -> !client.channel.isActive());
    }
  }

  @Test
  void requestsWithoutEndOnManyConnectionsAreAnsweredOneByOne() throws Exception {
    for (int i = 0; i < 60; i++) {
      try (PlainClient client =
          new PlainClient(door.address(), null, HttpMethod.GET, "/" + "x".repeat(100 * (i % 50)))) {
        client.header("X-Flood", "y".repeat(20_000));
        assertThat(client.send().status().code()).isIn(401, 431);
      }
    }
    bounded();
  }
}
