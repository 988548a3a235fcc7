package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exec and attach through TLS, the router and the protocols, against a fake process. */
@Timeout(60)
class RemoteCommandTest {

  private static final String EXEC = "/exec/default/debug/debugger?";
  private static final String V5 = "v5.channel.k8s.io";
  private static final int MUCH = 64 << 20;
  private static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";

  private OpenDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of());
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void execOverSpdyReturnsOutputAndSuccess() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(
            door, EXEC + "command=both&output=1&error=1", "error", "stdout", "stderr")) {
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("stdout").text()).isEqualTo("to stdout\n");
      assertThat(client.received("stderr").text()).isEqualTo("to stderr\n");
      assertThat(client.received("error").text()).isEqualTo(SUCCESS);
      assertThat(client.received("stdout").ended()).isTrue();
      assertThat(client.channel.isActive()).as("the client closes first").isTrue();
    }
  }

  @Test
  void execOverWebSocketReturnsOutputAndSuccess() throws Exception {
    try (ChannelClient client =
        ChannelClient.exec(door, EXEC + "command=both&output=1&error=1", V5)) {
      Client.await("it was closed", () -> !client.channel.isActive());
      assertThat(client.received("stdout").text()).isEqualTo("to stdout\n");
      assertThat(client.received("stderr").text()).isEqualTo("to stderr\n");
      assertThat(client.received("error").text()).isEqualTo(SUCCESS);
      assertThat(client.closeCode).hasValue(1000);
    }
  }

  @Test
  void theCommandArrivesAsItWasSent() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(
            door,
            EXEC + "command=exit&command=0&command=a%20b%26c%3Dd&output=1",
            "error",
            "stdout")) {
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(door.node.process().request.process().command())
          .containsExactly("exit", "0", "a b&c=d");
      assertThat(door.node.process().request.who().name()).isEqualTo("kube-apiserver");
    }
  }

  @Test
  void anExitCodeIsACauseOfTheStatus() throws Exception {
    try (SpdyClient spdy =
            SpdyClient.exec(door, EXEC + "command=exit&command=3&output=1", "error", "stdout");
        ChannelClient socket = ChannelClient.exec(door, EXEC + "command=killed&output=1", V5)) {
      Client.await("the status came", () -> spdy.received("error").ended());
      assertThat(spdy.received("error").text())
          .isEqualTo(
              "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated with"
                  + " non-zero exit code: exit status 3\",\"reason\":\"NonZeroExitCode\","
                  + "\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}");
      Client.await("the status came", () -> socket.received("error").length() > 0);
      assertThat(socket.received("error").text()).contains("\"message\":\"137\"");
    }
  }

  @Test
  void aCommandThatCannotStartIsAnInternalErrorWithItsReason() throws Exception {
    try (ChannelClient client = ChannelClient.exec(door, EXEC + "command=missing&output=1", V5)) {
      Client.await("the status came", () -> client.received("error").length() > 0);
      assertThat(client.received("error").text())
          .contains("\"reason\":\"InternalError\"", "exec: \\\"missing\\\": not found", "500");
    }
  }

  @Test
  void aRefusedSessionSaysWhy() throws Exception {
    door.node.refuseSessions = "the worker is Ready again";
    try (SpdyClient client =
        SpdyClient.exec(door, EXEC + "command=cat&output=1", "error", "stdout")) {
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("error").text()).contains("the worker is Ready again");
    }
  }

  @Test
  void inputThatEndsReachesTheProcessOverSpdy() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(door, EXEC + "command=cat&input=1&output=1", "error", "stdin", "stdout")) {
      client.write("stdin", "hello ");
      client.write("stdin", "world");
      client.end("stdin");
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("stdout").text()).isEqualTo("hello world");
    }
  }

  @Test
  void inputThatEndsReachesTheProcessOverWebSocket() throws Exception {
    try (ChannelClient client =
        ChannelClient.exec(door, EXEC + "command=cat&input=1&output=1", V5)) {
      client.write(0, "hello world");
      client.endStdin();
      Client.await("the status came", () -> client.received("error").length() > 0);
      assertThat(client.received("stdout").text()).isEqualTo("hello world");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v5.channel.k8s.io",
        "v4.channel.k8s.io",
        "v4.base64.channel.k8s.io",
        "channel.k8s.io",
        "base64.channel.k8s.io",
        ""
      })
  void everyChannelProtocolCarriesInputOutputAndEnd(String protocol) throws Exception {
    try (ChannelClient client =
        ChannelClient.exec(door, EXEC + "command=cat&input=1&output=1", protocol)) {
      client.write(0, "any bytes");
      Client.await("the echo came", () -> client.received("stdout").length() == 9);
      assertThat(client.received("stdout").text()).isEqualTo("any bytes");
      assertThat(client.emptyMessages)
          .as("it is said that the connection stands")
          .hasValue(protocol.startsWith("v5") ? 0 : 1);
      door.node.process().closeStdin();
      Client.await("the end came", () -> client.closeCode.get() == 1000);
      assertThat(client.received("error").text())
          .isEqualTo(protocol.startsWith("v") ? SUCCESS : "");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereNothingIsSaidForTheIdleTimeTheConnectionEnds(boolean webSocket) throws Exception {
    String uri = EXEC + "command=cat&input=1&output=1";
    try (OpenDoor quiet = new OpenDoor(Map.of(), Map.of("idle.timeout", "1s"));
        Client client =
            webSocket
                ? ChannelClient.exec(quiet, uri, V5)
                : SpdyClient.exec(quiet, uri, "error", "stdin", "stdout")) {
      Client.await("it is open", () -> !quiet.node.processes.isEmpty());
      Client.await("it is closed", () -> !client.channel.isActive());
    }
  }

  @Test
  void aTerminalHasTheClientsSize() throws Exception {
    try (SpdyClient spdy =
            SpdyClient.exec(
                door,
                EXEC + "command=size&input=1&output=1&tty=1",
                "error",
                "stdin",
                "stdout",
                "resize");
        ChannelClient socket =
            ChannelClient.exec(door, EXEC + "command=size&input=1&output=1&tty=true", V5)) {
      spdy.write("resize", "{\"Width\":132,");
      spdy.write("resize", "\"Height\":43}\n");
      Client.await("the size came", () -> spdy.received("stdout").text().equals("132x43"));
      socket.write(4, "{\"Width\":0,\"Height\":0}");
      socket.write(4, "{\"Width\":80,\"Height\":24}");
      Client.await("the size came", () -> socket.received("stdout").text().equals("80x24"));
    }
  }

  @Test
  void attachEndsWithSuccessWhateverTheMainProcessSaid() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(
            door,
            "/attach/default/debug/u-1/debugger?input=1&output=1",
            "error",
            "stdin",
            "stdout")) {
      Client.await("it is open", () -> !door.node.processes.isEmpty());
      assertThat(door.node.process().request.process().command()).containsExactly("cat");
      door.node.process().signal(1);
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("error").text()).isEqualTo(SUCCESS);
    }
  }

  @Test
  void aDownloadIsByteExactOverSpdy() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(
            door, EXEC + "command=generate&command=" + MUCH + "&output=1", "error", "stdout")) {
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("stdout").length()).isEqualTo(MUCH);
      assertThat(client.received("stdout").sha256())
          .isEqualTo(HexFormat.of().formatHex(FakeProcess.generated(MUCH)));
    }
  }

  @Test
  void aDownloadIsByteExactOverWebSocket() throws Exception {
    try (ChannelClient client =
        ChannelClient.exec(door, EXEC + "command=generate&command=" + MUCH + "&output=1", V5)) {
      Client.await("the status came", () -> client.received("error").length() > 0);
      assertThat(client.received("stdout").sha256())
          .isEqualTo(HexFormat.of().formatHex(FakeProcess.generated(MUCH)));
    }
  }

  @Test
  void anUploadIsByteExactOverSpdy() throws Exception {
    Random random = new Random(7);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] piece = new byte[50_000];
    try (SpdyClient client =
        SpdyClient.exec(door, EXEC + "command=sum&input=1&output=1", "error", "stdin", "stdout")) {
      for (int sent = 0; sent < MUCH; sent += piece.length) {
        random.nextBytes(piece);
        digest.update(piece);
        client.write("stdin", piece.clone());
        Client.await("there is room", () -> client.channel.isWritable());
      }
      client.end("stdin");
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("stdout").text())
          .isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }
  }

  @Test
  void anUploadIsByteExactOverWebSocket() throws Exception {
    Random random = new Random(8);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] piece = new byte[32_769];
    try (ChannelClient client =
        ChannelClient.exec(door, EXEC + "command=sum&input=1&output=1", V5)) {
      for (int sent = 0; sent < MUCH; sent += piece.length) {
        random.nextBytes(piece);
        digest.update(piece);
        client.write(0, piece.clone());
        Client.await("there is room", () -> client.channel.isWritable());
      }
      client.endStdin();
      Client.await("the status came", () -> client.received("error").length() > 0);
      assertThat(client.received("stdout").text())
          .isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }
  }

  @Test
  void aClientThatStopsReadingStopsTheProcess() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(
            door, EXEC + "command=generate&command=" + MUCH + "&output=1", "error", "stdout")) {
      Client.await("output comes", () -> client.received("stdout").length() > 0);
      client.channel.config().setAutoRead(false);
      FakeProcess process = door.node.process();
      long[] last = {-1};
      Client.await(
          "the process stands still",
          () -> {
            long before = last[0];
            last[0] = process.written.get();
            return before == last[0] && pause();
          });
      assertThat(process.written.get() - client.received("stdout").length())
          .as("bytes on the way: ours and the kernel's")
          .isLessThan(16 << 20);
      assertThat(process.ended.getCount()).isEqualTo(1);
      client.channel.config().setAutoRead(true);
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("stdout").length()).isEqualTo(MUCH);
    }
  }

  private static boolean pause() {
    java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    return true;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProcessThatDoesNotReadStopsTheClient(boolean spdy) throws Exception {
    String uri = EXEC + "command=stuck&input=1&output=1";
    try (Client client =
        spdy
            ? SpdyClient.exec(door, uri, "error", "stdin", "stdout")
            : ChannelClient.exec(door, uri, V5)) {
      byte[] piece = new byte[65536];
      long sent = 0;
      while (client.channel.isWritable() || !settled(client)) {
        if (client.channel.isWritable()) {
          if (client instanceof SpdyClient to) {
            to.write("stdin", piece);
          } else {
            ((ChannelClient) client).write(0, piece);
          }
          sent += piece.length;
          assertThat(sent).as("what is taken is bounded").isLessThan(32 << 20);
        }
      }
      assertThat(door.node.process().stdinIsFull()).isTrue();
      client.close();
    }
  }

  private static boolean settled(Client client) {
    for (int i = 0; i < 20 && !client.channel.isWritable(); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    return !client.channel.isWritable();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProcessThatEndsBeforeReadingItsInputStillYieldsItsStatus(boolean spdy) throws Exception {
    String uri = EXEC + "command=exit&command=0&input=1&output=1";
    try (Client client =
        spdy
            ? SpdyClient.exec(door, uri, "error", "stdin", "stdout")
            : ChannelClient.exec(door, uri, V5)) {
      byte[] piece = new byte[65536];
      for (int i = 0; i < 200 && client.channel.isActive(); i++) {
        if (client instanceof SpdyClient to) {
          to.write("stdin", piece);
        } else {
          ((ChannelClient) client).write(0, piece);
        }
      }
      Client.await("the status came", () -> client.received("error").length() > 0);
      assertThat(client.received("error").text()).isEqualTo(SUCCESS);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLostConnectionHangsTheSessionUp(boolean spdy) throws Exception {
    String uri = EXEC + "command=stuck&input=1&output=1&tty=1";
    Client client =
        spdy
            ? SpdyClient.exec(door, uri, "error", "stdin", "stdout", "resize")
            : ChannelClient.exec(door, uri, V5);
    Client.await("it is open", () -> !door.node.processes.isEmpty());
    client.close();
    Client.await("it was hung up", () -> door.node.process().hungUp());
    assertThat(door.node.process().ended.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWriterToALostConnectionIsReleased() throws Exception {
    SpdyClient client =
        SpdyClient.exec(
            door, EXEC + "command=generate&command=" + MUCH + "&output=1", "error", "stdout");
    client.channel.config().setAutoRead(false);
    Client.await("it is open", () -> !door.node.processes.isEmpty());
    Client.await("it writes", () -> door.node.process().written.get() > 1 << 20);
    client.close();
    assertThat(door.node.process().ended.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPingIsAnswered() throws Exception {
    try (ChannelClient client =
        ChannelClient.exec(door, EXEC + "command=cat&input=1&output=1", V5)) {
      client.channel.writeAndFlush(
          new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {1, 2, 3})));
      Client.await("the pong came", () -> client.pongs.get() == 1);
    }
  }

  @Test
  void aClientThatNeverClosesIsClosed() throws Exception {
    door.close();
    door = new OpenDoor(Map.of(), Map.of("goodbye.timeout", "200ms"));
    try (SpdyClient client =
        SpdyClient.exec(door, EXEC + "command=exit&command=0&output=1", "error", "stdout")) {
      Client.await("it was closed", () -> !client.channel.isActive());
      assertThat(client.received("error").text()).isEqualTo(SUCCESS);
    }
  }

  @Test
  void streamsThatDoNotComeAreNotWaitedForLong() throws Exception {
    door.close();
    door = new OpenDoor(Map.of(), Map.of("creation.timeout", "1s"));
    try (SpdyClient client = SpdyClient.exec(door, EXEC + "command=cat&output=1", "error")) {
      Client.await("it was closed", () -> !client.channel.isActive());
      assertThat(door.node.processes).isEmpty();
    }
  }

  @Test
  void dataForAStreamThatDoesNotExistHarmsNobody() throws Exception {
    try (SpdyClient client =
        SpdyClient.exec(door, EXEC + "command=cat&input=1&output=1", "error", "stdin", "stdout")) {
      client.channel.writeAndFlush(
          new DefaultSpdyDataFrame(99, Unpooled.wrappedBuffer(new byte[10])));
      client.write("stdin", "still here");
      client.end("stdin");
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(client.received("stdout").text()).isEqualTo("still here");
    }
  }
}
