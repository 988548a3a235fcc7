package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Port-forward through TLS, over SPDY alone and over SPDY in a WebSocket. */
@Timeout(60)
class PortForwardTest {

  private static final String URI = "/portForward/default/debug";
  private static final int MUCH = 16 << 20;

  private OpenDoor door;
  private ServerSocket port;

  @BeforeEach
  void open() throws Exception {
    door = new OpenDoor(Map.of(), Map.of("forwards.max", "3"));
    port = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread echo = new Thread(this::echo, "echo-port");
    echo.setDaemon(true);
    echo.start();
  }

  @AfterEach
  void close() throws Exception {
    door.close();
    port.close();
  }

  /** Echoes what each connection says, until it ends. */
  private void echo() {
    while (!port.isClosed()) {
      try {
        Socket socket = port.accept();
        Thread one =
            new Thread(
                () -> {
                  try (socket;
                      InputStream in = socket.getInputStream();
                      OutputStream out = socket.getOutputStream()) {
                    in.transferTo(out);
                  } catch (Exception e) {
                    // The test has closed it.
                  }
                });
        one.setDaemon(true);
        one.start();
      } catch (Exception e) {
        return;
      }
    }
  }

  private SpdyClient connect(boolean tunnel) throws Exception {
    SpdyClient client =
        tunnel
            ? new SpdyClient(door.address(), FakeNode.API_SERVER, URI, HttpMethod.GET)
            : new SpdyClient(door.address(), FakeNode.API_SERVER, URI);
    if (!tunnel) {
      client.header("X-Stream-Protocol-Version", "portforward.k8s.io");
    }
    assertThat(client.send().status().code()).isEqualTo(101);
    return client;
  }

  private static void open(SpdyClient client, String name, int request, int to) {
    client.open(
        name,
        Map.of(
            "streamtype",
            name.substring(0, name.indexOf(' ')),
            "port",
            Integer.toString(to),
            "requestid",
            Integer.toString(request)));
  }

  private void pair(SpdyClient client, int request, int to) {
    open(client, "error " + request, request, to);
    open(client, "data " + request, request, to);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesGoThereAndBackUnchanged(boolean tunnel) throws Exception {
    byte[] bytes = new byte[MUCH];
    new Random(5).nextBytes(bytes);
    try (SpdyClient client = connect(tunnel)) {
      pair(client, 0, port.getLocalPort());
      for (int at = 0; at < MUCH; at += 32768) {
        client.write("data 0", java.util.Arrays.copyOfRange(bytes, at, at + 32768));
        Client.await("there is room", () -> client.channel.isWritable());
      }
      client.end("data 0");
      Client.await("the port ended", () -> client.received("data 0").ended());
      assertThat(client.received("data 0").length()).isEqualTo(MUCH);
      assertThat(client.received("data 0").sha256())
          .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
      Client.await("the error stream ended", () -> client.received("error 0").ended());
      assertThat(client.received("error 0").text()).isEmpty();
    }
  }

  @Test
  void aPortThatClosesFirstEndsBothStreams() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        SpdyClient client = connect(false)) {
      pair(client, 1, server.getLocalPort());
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(new byte[MUCH]);
      }
      Client.await("the port ended", () -> client.received("data 1").ended());
      assertThat(client.received("data 1").length()).isEqualTo(MUCH);
      Client.await("the error stream ended", () -> client.received("error 1").ended());
      assertThat(client.received("error 1").text()).isEmpty();
    }
  }

  @Test
  void severalConnectionsAreKeptApart() throws Exception {
    try (SpdyClient client = connect(false)) {
      pair(client, 1, port.getLocalPort());
      pair(client, 2, port.getLocalPort());
      client.write("data 2", "two");
      client.write("data 1", "one");
      Client.await("it came", () -> client.received("data 1").length() == 3);
      Client.await("it came", () -> client.received("data 2").length() == 3);
      assertThat(client.received("data 1").text()).isEqualTo("one");
      assertThat(client.received("data 2").text()).isEqualTo("two");
    }
  }

  @Test
  void aPortThatNobodyListensOnIsToldOnTheErrorStream() throws Exception {
    int closed;
    try (ServerSocket free = new ServerSocket(0)) {
      closed = free.getLocalPort();
    }
    try (SpdyClient client = connect(false)) {
      pair(client, 1, closed);
      Client.await("the error came", () -> client.received("error 1").ended());
      assertThat(client.received("error 1").text())
          .startsWith("error forwarding port " + closed + " to pod default/debug: ")
          .contains("Connection refused", "127.0.0.1");
      pair(client, 2, port.getLocalPort());
      client.write("data 2", "still here");
      Client.await("it came", () -> client.received("data 2").length() == 10);
    }
  }

  @Test
  void streamsThatMakeNoSenseOrAreTooManyAreReset() throws Exception {
    try (SpdyClient client = connect(false)) {
      open(client, "data x", 9, 0);
      open(client, "gossip y", 9, port.getLocalPort());
      for (int i = 0; i < 4; i++) {
        pair(client, i, port.getLocalPort());
      }
      open(client, "data again", 1, port.getLocalPort());
      Client.await("the resets came", () -> client.resets.size() == 5);
      assertThat(client.resets.keySet().stream().map(client.names::get))
          .containsExactlyInAnyOrder("data x", "gossip y", "error 3", "data 3", "data again");
      client.write("data 0", "fine");
      Client.await("it came", () -> client.received("data 0").length() == 4);
    }
  }

  @Test
  void aClientThatGoesTakesItsConnectionsAlong() throws Exception {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      SpdyClient client = connect(false);
      pair(client, 1, server.getLocalPort());
      client.write("data 1", "bye");
      try (Socket socket = server.accept()) {
        seen.write(socket.getInputStream().readNBytes(3));
        client.close();
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    }
    assertThat(seen.toString()).isEqualTo("bye");
  }

  @Test
  void aPortThatDoesNotReadStopsItsClient() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        SpdyClient client = connect(false)) {
      pair(client, 1, server.getLocalPort());
      try (Socket socket = server.accept()) {
        byte[] piece = new byte[65536];
        long sent = 0;
        while (settled(client)) {
          client.write("data 1", piece);
          sent += piece.length;
          assertThat(sent).isLessThan(64 << 20);
        }
        assertThat(socket.getInputStream().readNBytes((int) sent)).hasSize((int) sent);
      }
    }
  }

  /** Whether the client may write, at once or soon. */
  private static boolean settled(Client client) {
    for (int i = 0; i < 30 && !client.channel.isWritable(); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
    return client.channel.isWritable();
  }
}
