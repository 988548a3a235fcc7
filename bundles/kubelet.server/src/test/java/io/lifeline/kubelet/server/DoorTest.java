package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lifeline.config.Settings;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueStepException;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opening, closing, and what a stranger may take of it. */
@Timeout(30)
class DoorTest {

  private static ServerSettings settings(Map<String, String> file) {
    return ServerSettings.of(Settings.of(ServerSettings.PID, file, Map.of()));
  }

  @Test
  void withoutAServingCertificateItStaysClosedAndSaysWhatIsMissing() {
    KubeletDoor door =
        new KubeletDoor(
            new FakeNode().worker, settings(Map.of()), Seams.unbound(), InstantSource.system());
    try {
      assertThatThrownBy(() -> door.begin(OpenDoor.CREDENTIAL))
          .isInstanceOf(RescueStepException.class)
          .hasMessageContainingAll("ServingCertificates", "io.lifeline.node.credential");
    } finally {
      door.close();
    }
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket other = new ServerSocket(0)) {
      FakeNode node = new FakeNode(other.getLocalPort());
      Seams seams = Seams.unbound();
      seams.certificates().bind(node);
      KubeletDoor door =
          new KubeletDoor(node.worker, settings(Map.of()), seams, InstantSource.system());
      assertThatThrownBy(() -> door.begin(OpenDoor.CREDENTIAL))
          .isInstanceOf(RescueStepException.class)
          .hasMessageContainingAll(
              Integer.toString(other.getLocalPort()), "etc/io.lifeline.node.worker.cfg");
      door.close();
    }
  }

  @Test
  void itOpensOnceAndOpensAgainAfterItsEnd() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of())) {
      InetSocketAddress first = door.address();
      door.door.begin(OpenDoor.CREDENTIAL);
      assertThat(door.address()).isEqualTo(first);
      door.door.begin(
          new NodeCredential(OpenDoor.CREDENTIAL.access(), "renewed", 0, Instant.EPOCH));
      assertThat(door.address()).as("a renewed credential keeps the socket").isEqualTo(first);
      door.door.end();
      door.door.end();
      try (ServerSocket other = new ServerSocket()) {
        other.bind(first);
        assertThat(other.isBound()).as("the port is free").isTrue();
      }
      door.door.begin(OpenDoor.CREDENTIAL);
      assertThat(PlainClient.get(door, "/healthz")).isEqualTo("200 ok");
    }
  }

  @Test
  void theEndClosesLiveConnectionsAndHangsTheirSessionsUp() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of());
        SpdyClient client =
            SpdyClient.exec(
                door,
                "/exec/default/debug/debugger?command=cat&input=1&output=1",
                "error",
                "stdin",
                "stdout")) {
      Client.await("it is open", () -> !door.node.processes.isEmpty());
      door.door.end();
      Client.await("it was closed", () -> !client.channel.isActive());
      Client.await("it was hung up", () -> door.node.process().hungUp());
    }
  }

  @Test
  void whoSaysNothingIsSentAway() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of("header.timeout", "1s"));
        Socket mute = new Socket(door.address().getAddress(), door.address().getPort());
        SSLSocket slow = tls(door)) {
      slow.startHandshake();
      mute.setSoTimeout(5000);
      slow.setSoTimeout(5000);
      OutputStream out = slow.getOutputStream();
      out.write("GET /healthz HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertThat(mute.getInputStream().read()).isEqualTo(-1);
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void headersThatAreTooLongAreRefused() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of())) {
      assertThat(raw(door, "GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
          .startsWith("HTTP/1.1 414");
      assertThat(raw(door, "GET / HTTP/1.1\r\nHost: " + "x".repeat(40_000) + "\r\n\r\n"))
          .startsWith("HTTP/1.1 431");
      assertThat(raw(door, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
      assertThat(
              raw(
                  door,
                  "POST /pods HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n"
                      + "x".repeat(100_000)))
          .startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void aLongCommandFits() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of());
        SpdyClient client =
            SpdyClient.exec(
                door,
                "/exec/default/debug/debugger?output=1&command=exit&command=0&command="
                    + "y".repeat(30_000),
                "error",
                "stdout")) {
      Client.await("the status came", () -> client.received("error").ended());
      assertThat(door.node.process().request.process().command().get(2)).hasSize(30_000);
    }
  }

  @Test
  void strangersMayHaveHalfOfAllPlaces() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of("connections.max", "8")).rehearsed()) {
      List<Socket> open = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        open.add(new Socket(door.address().getAddress(), door.address().getPort()));
      }
      Socket last = new Socket(door.address().getAddress(), door.address().getPort());
      last.setSoTimeout(5000);
      assertThat(last.getInputStream().read()).isEqualTo(-1);
      for (Socket socket : open) {
        socket.close();
      }
      Client.await("there is room again", () -> answers(door));
    }
  }

  @Test
  void whoHasProvedHimselfLeavesRoomForOthersUntilAllPlacesAreTaken() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of("connections.max", "8")).rehearsed()) {
      List<SpdyClient> known = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        known.add(
            SpdyClient.exec(
                door,
                "/exec/default/debug/debugger?command=cat&input=1&output=1",
                "error",
                "stdin",
                "stdout"));
      }
      assertThat(answers(door)).isFalse();
      known.forEach(SpdyClient::close);
      Client.await("there is room again", () -> answers(door));
    }
  }

  private static boolean answers(OpenDoor door) {
    try {
      return PlainClient.get(door, "/healthz").equals("200 ok");
    } catch (Exception | AssertionError e) {
      return false;
    }
  }

  @Test
  void aSilentPeerIsAskedAfterSecondsWhetherHeIsStillThere() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of()).rehearsed();
        SSLSocket socket = tls(door)) {
      socket.startHandshake();
      Client.await("all is acknowledged", () -> keepAliveSeconds(socket) >= 0);
      assertThat(keepAliveSeconds(socket)).isBetween(0L, 15L);
    }
  }

  /**
   * When the kernel's timer for it goes off at the other end; negative while another timer runs.
   */
  private static long keepAliveSeconds(Socket socket) {
    String ours = ":%04X".formatted(socket.getPort());
    String his = ":%04X".formatted(socket.getLocalPort());
    try (Stream<String> lines =
        Stream.of("tcp", "tcp6")
            .flatMap(DoorTest::connections)
            .filter(words -> words[1].endsWith(ours) && words[2].endsWith(his))
            .map(words -> words[5])) {
      // "02:" and hundredths of a second.
      return lines
          .filter(timer -> timer.startsWith("02:"))
          .mapToLong(timer -> Long.parseLong(timer.substring(3), 16) / 100)
          .findFirst()
          .orElse(-1);
    }
  }

  private static Stream<String[]> connections(String family) {
    try {
      return Files.readAllLines(Path.of("/proc/net", family)).stream()
          .map(line -> line.strip().split(" +", -1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneConnectionServesManyRequests() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of());
        SSLSocket socket = tls(door)) {
      for (int i = 0; i < 3; i++) {
        socket
            .getOutputStream()
            .write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(until(socket.getInputStream(), "Unauthorized")).startsWith("HTTP/1.1 401");
      }
    }
  }

  @Test
  void aRequestBeforeTheAnswerEndsTheConnection() throws Exception {
    try (OpenDoor door = new OpenDoor(Map.of())) {
      String twice = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2);
      assertThat(raw(door, twice)).doesNotContain("200");
    }
  }

  @Test
  void whoAsksBeforeHeSendsABodyIsAnsweredAtOnce() throws Exception {
    String asks = "Content-Length: 5\r\nExpect: 100-continue\r\n";
    try (OpenDoor door = new OpenDoor(Map.of("header.timeout", "30s"))) {
      assertThat(raw(door, request("/healthz", "1.1", asks)))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("connection: close\r\n")
          .endsWith("\r\n\r\nok");
    }
  }

  @Test
  void whoSpeaksHttp10GetsABodyWithoutChunks(@TempDir Path worker) throws Exception {
    Files.createDirectories(worker.resolve("var/log"));
    Files.writeString(worker.resolve("var/log/one.log"), "one\n");
    try (OpenDoor door = new OpenDoor(worker)) {
      for (String more : List.of("", "Connection: keep-alive\r\n")) {
        assertThat(raw(door, request("/logs/one.log", "1.0", more)))
            .startsWith("HTTP/1.1 200 OK\r\n")
            .doesNotContain("chunked")
            .endsWith("\r\n\r\none\n");
      }
    }
  }

  @Test
  void aTargetMayNameItsServer() throws Exception {
    String close = "Connection: close\r\n";
    try (OpenDoor door = new OpenDoor(Map.of())) {
      assertThat(raw(door, request("HTTPS://w2-debug:10350/healthz?a=b", "1.1", close)))
          .startsWith("HTTP/1.1 200");
      assertThat(raw(door, request("https://w2-debug?a=/healthz", "1.1", close)))
          .startsWith("HTTP/1.1 404");
    }
  }

  private static String request(String target, String version, String more) {
    return "GET %s HTTP/%s\r\nHost: a\r\nAuthorization: Bearer reader-token\r\n%s\r\n"
        .formatted(target, version, more);
  }

  private static String until(InputStream in, String text) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.indexOf(text) < 0 || in.available() > 0) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      all.append((char) c);
    }
    return all.toString();
  }

  private static String raw(OpenDoor door, String request) throws Exception {
    try (SSLSocket socket = tls(door)) {
      socket.setSoTimeout(5000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // It may have been refused before it was written whole.
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static SSLSocket tls(OpenDoor door) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] trust = InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
    context.init(null, trust, null);
    return (SSLSocket)
        context
            .getSocketFactory()
            .createSocket(door.address().getAddress(), door.address().getPort());
  }
}
