package io.lifeline.node.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.lifeline.config.Settings;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.WorkerFacts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against an API server that refuses every watch. */
@Timeout(60)
class BackupKeeperTest {

  private static final Path NOWHERE = Path.of("/nowhere");

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> signalled = new CopyOnWriteArrayList<>();
  private volatile String ready = "True";
  private volatile String withdrawn = "false";
  private HttpServer server;
  private BackupKeeper keeper;

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withAutoConfigure(false)
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    BackupSettings settings = BackupSettings.of(Settings.of(BackupSettings.PID, Map.of()));
    BackupNode node =
        new BackupNode(
            new WorkerFacts("w9", "w9-debug", "10.0.0.9", 10350, NOWHERE, NOWHERE),
            settings,
            client,
            InstantSource.system());
    keeper =
        new BackupKeeper(
            new Nobody(), new Signals(), settings, node, client, "w9-debug", () -> "0 sessions");
    keeper.begin(Instant.now().plusSeconds(3600), Optional.empty());
  }

  @AfterEach
  void end() {
    keeper.replace();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    told.add(exchange.getRequestMethod() + " " + path + " " + query + " " + body);
    String answer =
        path.equals("/version")
            ? "{\"major\":\"1\",\"minor\":\"30\",\"gitVersion\":\"v1.30.0\"}"
            : path.contains("/leases/")
                ? "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\"}"
                : """
                {"kind":"Node","apiVersion":"v1",
                 "metadata":{"name":"w9-debug","annotations":{"lifeline.io/withdraw":"%s"}},
                 "status":{"conditions":[{"type":"Ready","status":"%s"}]}}
                """
                    .formatted(withdrawn, ready);
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(query.contains("watch=true") ? 500 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private long servings() {
    return told.stream()
        .filter(line -> line.startsWith("PATCH") && line.contains("LifelineServing"))
        .count();
  }

  private static void await(BooleanSupplier condition, String what) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("waiting for %s", what).isNegative();
      LockSupport.parkNanos(10_000_000L);
    }
  }

  @Test
  void aNodeThatTheControlPlaneHasNotHeardOfSaysAgainThatItIsReady() {
    assertThat(servings()).isEqualTo(1);
    ready = "Unknown";
    await(() -> servings() > 1, "the status");
  }

  @Test
  void aWatchThatCannotBeOpenedIsTriedAgain() {
    await(() -> told.stream().anyMatch(line -> line.contains("watch=true")), "a watch");
    withdrawn = "true";
    await(() -> !signalled.isEmpty(), "the withdrawal");
    assertThat(signalled.get(0)).contains("withdrawn");
  }

  private final class Signals implements RescueSignals {

    @Override
    public void withdrawn(String why) {
      signalled.add(why);
    }

    @Override
    public void lost(RescueParticipant participant, String what) {
      signalled.add(what);
    }
  }

  private static final class Nobody implements RescueParticipant {

    @Override
    public Stage stage() {
      return Stage.NODE;
    }

    @Override
    public void begin(NodeCredential credential, RescueSignals signals) {}

    @Override
    public void end(RescueEnd end) {}
  }
}
