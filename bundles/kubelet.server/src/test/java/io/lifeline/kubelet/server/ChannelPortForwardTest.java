package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Port-forward as clients in Python and others speak it: a WebSocket's channels, no SPDY. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ChannelPortForwardTest {

  private static final String URI = "/portForward/default/debug";
  private static final String V4 = "v4.channel.k8s.io";
  private static final int MUCH = 4 << 20;
  private static final int PIECE = 65536;

  // The test's client calls the channels by the names that they have in a remote command.
  private static final String DATA = "stdin";
  private static final String ERROR = "stdout";
  private static final String DATA_2 = "stderr";
  private static final String ERROR_2 = "error";

  private OpenDoor door;
  private ServerSocket port;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of(), Map.of("forwards.max", "3"));
    port = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    port.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws Exception {
    door.close();
    port.close();
  }

  private static byte[] number(int port) {
    return new byte[] {(byte) port, (byte) (port >> 8)};
  }

  private static int unused() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V4, "v4.base64.channel.k8s.io", ""})
  void bytesGoThereAndBackUnchangedBehindThePortsNumber(String protocol) throws Exception {
    byte[] bytes = new byte[MUCH];
    new Random(6).nextBytes(bytes);
    String uri = URI + "?port=" + port.getLocalPort();
    try (ChannelClient client = ChannelClient.exec(door, uri, protocol);
        Socket socket = port.accept()) {
      assertThat(client.response.get().headers().get("Sec-WebSocket-Protocol"))
          .isEqualTo(protocol.isEmpty() ? null : protocol);
      for (int at = 0; at < MUCH; at += PIECE) {
        client.write(0, Arrays.copyOfRange(bytes, at, at + PIECE));
      }
      assertThat(socket.getInputStream().readNBytes(MUCH)).isEqualTo(bytes);
      for (int at = 0; at < MUCH; at += PIECE) {
        socket.getOutputStream().write(bytes, at, PIECE);
        int all = 2 + at + PIECE;
        Client.await("it came back", () -> client.received(DATA).length() == all);
        byte[] came = client.received(DATA).take();
        assertThat(Arrays.copyOfRange(came, came.length - PIECE, came.length))
            .isEqualTo(Arrays.copyOfRange(bytes, at, at + PIECE));
        assertThat(came.length - PIECE).isEqualTo(at == 0 ? 2 : 0);
      }
      assertThat(client.received(ERROR).take()).isEqualTo(number(port.getLocalPort()));
      socket.close();
      Client.await("the end is told", () -> client.closeCode.get() == 1000);
    }
  }

  @Test
  void severalPortsAreKeptApartAndWhatOneCannotIsToldOnItsErrorChannel() throws Exception {
    int none = unused();
    String uri = URI + "?port=" + none + "," + port.getLocalPort();
    try (ChannelClient client = ChannelClient.exec(door, uri, V4);
        Socket socket = port.accept()) {
      Client.await("the error came", () -> client.received(ERROR).length() > 2);
      assertThat(client.received(ERROR).text())
          .contains("error forwarding port %d to pod default/debug: ".formatted(none));
      client.write(0, "lost");
      client.write(3, "no input");
      client.write(77, "no channel");
      client.write(2, "hello");
      assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
      assertThat(client.received(DATA_2).take()).isEqualTo(number(port.getLocalPort()));
      assertThat(client.received(ERROR_2).take()).isEqualTo(number(port.getLocalPort()));
      assertThat(client.closeCode).hasValue(0);
    }
  }

  @Test
  void aClientThatGoesTakesItsConnectionsAlong() throws Exception {
    Socket socket;
    try (ChannelClient client =
        ChannelClient.exec(door, URI + "?port=" + port.getLocalPort(), V4)) {
      socket = port.accept();
    }
    try (socket) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aPortThatDoesNotReadStopsItsClient() throws Exception {
    String uri = URI + "?port=" + port.getLocalPort();
    try (ChannelClient client = ChannelClient.exec(door, uri, V4);
        Socket socket = port.accept()) {
      byte[] piece = new byte[PIECE];
      long sent = 0;
      while (client.channel.isWritable() || client.write(0, piece).await(300)) {
        client.write(0, piece);
        sent += PIECE;
        assertThat(sent).isLessThan(64 << 20);
      }
      assertThat(socket.getInputStream().readNBytes((int) sent)).hasSize((int) sent);
    }
  }

  @Test
  void whatCannotBeForwardedIsRefused() throws Exception {
    assertThat(refusal(URI, V4)).startsWith("400 query parameter \"port\" is required");
    assertThat(refusal(URI + "?port=1,2&port=3,4", V4)).startsWith("400 ").contains("1 to 3 ports");
    assertThat(refusal(URI + "?port=1,", V4)).startsWith("400 port=: ");
    assertThat(refusal(URI + "?port=1", "channel.k8s.io"))
        .startsWith("403 ")
        .contains("[SPDY/3.1+portforward.k8s.io, v4.channel.k8s.io, v4.base64.channel.k8s.io]");
  }

  private String refusal(String uri, String protocol) throws Exception {
    try (ChannelClient client = new ChannelClient(door.address(), FakeNode.API_SERVER, uri)) {
      client.header("Sec-WebSocket-Protocol", protocol);
      return PlainClient.text(client.send());
    }
  }
}
