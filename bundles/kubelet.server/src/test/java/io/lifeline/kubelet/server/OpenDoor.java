package io.lifeline.kubelet.server;

import io.lifeline.config.Settings;
import io.lifeline.kubelet.streaming.SpdyStreaming;
import io.lifeline.kubelet.streaming.WebSocketStreaming;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.security.api.ApiAccess;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The real server on loopback, with the real protocols and a fake everything else. */
final class OpenDoor implements AutoCloseable {

  static final NodeCredential CREDENTIAL =
      new NodeCredential(
          ApiAccess.token(URI.create("https://127.0.0.1:1"), "", "none"),
          "",
          System.nanoTime() + 3_600_000_000_000L,
          Instant.EPOCH);

  final FakeNode node = new FakeNode();
  final Seams seams = Seams.unbound();
  final KubeletDoor door;

  OpenDoor(Map<String, String> settings) throws Exception {
    this(settings, Map.of());
  }

  OpenDoor(Path workerRoot) throws Exception {
    this(Map.of(), Map.of(), workerRoot);
  }

  OpenDoor(Map<String, String> settings, Map<String, String> streaming) throws Exception {
    this(settings, streaming, Path.of("/nonexistent"));
  }

  private OpenDoor(Map<String, String> settings, Map<String, String> streaming, Path workerRoot)
      throws Exception {
    node.root = workerRoot;
    node.state = workerRoot.resolve("run");
    Map<String, String> quick = new HashMap<>(settings);
    quick.putIfAbsent("drain.timeout", "100ms");
    seams.authenticator().bind(node);
    seams.authorizer().bind(node);
    seams.pods().bind(node);
    seams.sessions().bind(node);
    seams.certificates().bind(node);
    seams.protocols().add(new SpdyStreaming(streaming));
    seams.protocols().add(new WebSocketStreaming(streaming));
    door =
        new KubeletDoor(
            node.worker,
            ServerSettings.of(Settings.of(ServerSettings.PID, quick, Map.of())),
            seams,
            InstantSource.system());
    door.begin(CREDENTIAL);
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", door.address().getPort());
  }

  /** For who counts connections: until now the door has been its own first caller. */
  OpenDoor rehearsed() throws InterruptedException {
    Client.await("the rehearsal is over and its connections are gone", this::isStill);
    return this;
  }

  private boolean isStill() {
    return !door.rehearsing() && door.connections() == 0;
  }

  @Override
  public void close() {
    door.close();
  }
}
