package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.lifeline.security.api.ApiAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltClientsTest {

  private static final String NODE =
      """
      {"apiVersion":"v1","kind":"Node","metadata":{"name":"w1","resourceVersion":"7"}}\
      """;

  @TempDir Path folder;
  private final ClientSettings settings =
      new ClientSettings(Duration.ofSeconds(1), Duration.ofMillis(700), Duration.ofMillis(100));
  private final BuiltClients clients = new BuiltClients(new HeardTime(), settings);
  private OpenSsl openssl;
  private ApiServer server;

  @BeforeEach
  void startAServer() throws Exception {
    openssl = new OpenSsl(folder).authority();
    openssl.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "server.key");
    openssl.certificate("server", "/CN=kube-apiserver");
    server = new ApiServer(access("server", URI.create("https://here")));
  }

  @AfterEach
  void stop() {
    server.close();
    clients.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecparam -name prime256v1 -genkey -noout -out user.key",
        "ecparam -name secp384r1 -genkey -out user.key",
        "genrsa -traditional -out user.key 2048",
        "genrsa -out user.key 2048"
      })
  void aNodeIsReadWithAClientCertificate(String makeKey) throws Exception {
    openssl.run(makeKey.split(" "));
    openssl.certificate("user", "/O=system:nodes/CN=system:node:w1");
    server.answer("/api/v1/nodes/w1", 200, NODE);

    try (KubernetesClient client = clients.connect(access("user", server.uri()))) {
      assertThat(client.nodes().withName("w1").get().getMetadata().getResourceVersion())
          .isEqualTo("7");
    }

    assertThat(server.callers).containsExactly("CN=system:node:w1,O=system:nodes");
  }

  @Test
  void aTokenIsShownOnEachRequest() throws Exception {
    server.answer("/api/v1/nodes/w1", 200, NODE);

    try (KubernetesClient client = clients.connect(token(server.uri(), "secret-token"))) {
      client.nodes().withName("w1").get();
      client.nodes().withName("w1").get();
    }

    assertThat(server.callers).containsExactly("Bearer secret-token", "Bearer secret-token");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefused() throws Exception {
    server.answer("/api/v1/nodes/w1", 200, NODE);
    Path other = Files.createDirectory(folder.resolve("other"));
    String ca = new OpenSsl(other).authority().read("ca.pem");

    try (KubernetesClient client = clients.connect(ApiAccess.token(server.uri(), ca, "t"))) {
      assertThatThrownBy(() -> client.nodes().withName("w1").get())
          .isInstanceOf(KubernetesClientException.class);
    }
    assertThat(server.callers).isEmpty();
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    server.answer("/api/v1/nodes/w1", 302, "{}");
    server.answer("/elsewhere", 200, NODE);

    try (KubernetesClient client = clients.connect(token(server.uri(), "t"))) {
      assertThatThrownBy(() -> client.nodes().withName("w1").get())
          .isInstanceOf(KubernetesClientException.class);
    }
    assertThat(server.callers).hasSize(1);
  }

  @Test
  void aSilentServerEndsTheRequestInTime() throws Exception {
    server.beSilent("/api/v1/nodes/w1");
    long begun = System.nanoTime();

    try (KubernetesClient client = clients.connect(token(server.uri(), "t"))) {
      assertThatThrownBy(() -> client.nodes().withName("w1").get())
          .isInstanceOf(KubernetesClientException.class);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    assertThat(server.callers).hasSize(1);
  }

  @Test
  void anErrorOfTheServerIsNotRepeatedBehindTheCaller() throws Exception {
    server.answer("/api/v1/nodes/w1", 500, "{}");

    try (KubernetesClient client = clients.connect(token(server.uri(), "t"))) {
      assertThatThrownBy(() -> client.nodes().withName("w1").get())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(500));
    }
    assertThat(server.callers).hasSize(1);
  }

  @Test
  void aServerThatIsNotThereIsSaidAtOnce() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    try (KubernetesClient client =
        clients.connect(token(URI.create("https://127.0.0.1:" + closed), "t"))) {
      assertThatThrownBy(() -> client.nodes().withName("w1").get())
          .isInstanceOf(KubernetesClientException.class);
    }
  }

  @Test
  void aWatchBringsItsOwnType() throws Exception {
    server.answer(
        "/api/v1/nodes", 200, "{\"type\":\"MODIFIED\",\"object\":" + NODE.strip() + "}\n");
    BlockingQueue<Node> seen = new LinkedBlockingQueue<>();

    try (KubernetesClient client = clients.connect(token(server.uri(), "t"));
        Watch watch = client.nodes().withName("w1").watch(into(seen))) {
      Node node = seen.poll(10, TimeUnit.SECONDS);
      assertThat(watch).isNotNull();
      assertThat(node).isNotNull();
      assertThat(node.getMetadata().getName()).isEqualTo("w1");
    }
  }

  @Test
  void thePodsOwnTokenIsUsedWhereThereIsNoKubeconfig() throws Exception {
    server.answer("/api/v1/nodes/w1", 200, NODE);
    Files.writeString(folder.resolve("token"), "pod-token\n");
    Files.writeString(folder.resolve("ca.crt"), openssl.read("ca.pem"));
    Map<String, String> environment =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(server.uri().getPort()));

    try (KubernetesClient client =
        new Ambient(environment::get, folder)
            .client(new ClientFactory(settings, Runnable::run, new HeardTime()))) {
      assertThat(client.nodes().withName("w1").get()).isNotNull();
    }
    assertThat(server.callers).containsExactly("Bearer pod-token");
  }

  @Test
  void aKubeconfigIsUsedFirstWithPathsRelativeToItself() throws Exception {
    server.answer("/api/v1/nodes/w1", 200, NODE);
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        current-context: x
        contexts: [{name: x, context: {cluster: x, user: x}}]
        clusters: [{name: x, cluster: {server: "%s", certificate-authority: ca.pem}}]
        users: [{name: x, user: {token: from-file}}]
        """
            .formatted(server.uri()));
    Map<String, String> environment = Map.of("KUBECONFIG", kubeconfig.toString());

    try (KubernetesClient client =
        new Ambient(environment::get, folder)
            .client(new ClientFactory(settings, Runnable::run, new HeardTime()))) {
      assertThat(client.nodes().withName("w1").get()).isNotNull();
    }
    assertThat(server.callers).containsExactly("Bearer from-file");
  }

  @Test
  void withNeitherItSaysWhatToSet() {
    assertThatThrownBy(
            () ->
                new Ambient(name -> null, folder)
                    .client(new ClientFactory(settings, Runnable::run, new HeardTime())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Set KUBECONFIG");
  }

  private ApiAccess access(String name, URI uri) throws IOException {
    return ApiAccess.certificate(
        uri, openssl.read("ca.pem"), openssl.read(name + ".pem"), openssl.read(name + ".key"));
  }

  private ApiAccess token(URI uri, String token) throws IOException {
    return ApiAccess.token(uri, openssl.read("ca.pem"), token);
  }

  private static Watcher<Node> into(BlockingQueue<Node> queue) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Node node) {
        queue.add(node);
      }

      @Override
      public void onClose(WatcherException cause) {}
    };
  }
}
