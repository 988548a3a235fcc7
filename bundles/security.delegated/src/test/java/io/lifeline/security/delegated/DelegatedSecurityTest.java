package io.lifeline.security.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.Access;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Decision;
import io.lifeline.security.api.Identity;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The component against an API server that speaks JSON over HTTP. */
class DelegatedSecurityTest {

  private static final Identity ANN =
      new Identity("ann", Set.of("admins", "b"), Identity.Proof.CLIENT_CERTIFICATE);
  private static final Access EXEC = new Access("create", "proxy");
  private static final RescueEnd END = new RescueEnd(RescueEnd.Reason.STOPPED, "test");

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Authority cluster = Authority.root("CN=kubernetes");
  private HttpServer apiServer;
  private volatile String answer = "{}";
  private DelegatedSecurity security;

  DelegatedSecurityTest() throws Exception {}

  @BeforeEach
  void start() throws Exception {
    apiServer = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    apiServer.setExecutor(Executors.newCachedThreadPool());
    apiServer.createContext("/", this::handle);
    apiServer.start();
    security =
        new DelegatedSecurity(
            new FakeWorker(),
            new FakeClients(),
            ClusterTime.ofMachine(),
            Map.of("timeout", "300ms"));
  }

  @AfterEach
  void stop() {
    over.countDown();
    security.deactivate();
    apiServer.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestURI()
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (answer.equals("silence")) {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.equals("broken") ? 500 : 201, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void begin() throws Exception {
    String own =
        Pem.certificates(List.of(cluster.client("CN=system:node:w2-debug", Duration.ofDays(3650))));
    URI server = URI.create("http://127.0.0.1:" + apiServer.getAddress().getPort());
    security.begin(
        new NodeCredential(
            ApiAccess.certificate(server, cluster.pem(), own, ""), cluster.pem(), 0, Instant.EPOCH),
        new NoSignals());
  }

  @Test
  void outsideOfARescueTheAnswerIsNo() throws Exception {
    assertThat(security.stage()).isEqualTo(RescueParticipant.Stage.GUARD);
    assertThat(security.decide(ANN, EXEC).allowed()).isFalse();
    assertThat(security.token("t")).isEmpty();
    assertThat(security.certificate(List.of(cluster.client("CN=a", Duration.ofDays(3650)))))
        .isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void theApiServerIsAskedAboutTheBackupNode() throws Exception {
    begin();
    answer =
        "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SubjectAccessReview\","
            + "\"status\":{\"allowed\":true,\"reason\":\"RBAC says so\"}}";
    assertThat(security.decide(ANN, EXEC)).isEqualTo(Decision.allow("RBAC says so"));
    assertThat(asked.get(0))
        .startsWith("/apis/authorization.k8s.io/v1/subjectaccessreviews ")
        .contains(
            "\"user\":\"ann\"",
            "\"groups\":[\"admins\",\"b\"]",
            "\"verb\":\"create\"",
            "\"resource\":\"nodes\"",
            "\"subresource\":\"proxy\"",
            "\"name\":\"w2-debug\"");
  }

  @Test
  void systemMastersAreAskedAboutLikeEverybodyElse() throws Exception {
    begin();
    answer = "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":false}}";
    Identity master =
        new Identity("root", Set.of("system:masters"), Identity.Proof.CLIENT_CERTIFICATE);
    assertThat(security.decide(master, EXEC).allowed()).isFalse();
    assertThat(asked).hasSize(1);
  }

  @Test
  void aTokenIsReviewed() throws Exception {
    begin();
    answer =
        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\","
            + "\"status\":{\"authenticated\":true,\"user\":{\"username\":\"ann\","
            + "\"groups\":[\"admins\"]}}}";
    assertThat(security.token("secret"))
        .contains(new Identity("ann", Set.of("admins"), Identity.Proof.TOKEN_REVIEW));
    assertThat(asked.get(0))
        .startsWith("/apis/authentication.k8s.io/v1/tokenreviews ")
        .contains("\"token\":\"secret\"");
    answer = "{\"kind\":\"TokenReview\",\"status\":{\"user\":{\"username\":\"ann\"}}}";
    assertThat(security.token("other")).isEmpty();
  }

  @Test
  void anApiServerThatIsSilentOrBrokenIsANoInGoodTime() throws Exception {
    begin();
    for (String sickness : List.of("silence", "broken", "{}", "no json")) {
      answer = sickness;
      long from = System.nanoTime();
      assertThat(security.decide(ANN, EXEC).allowed()).as(sickness).isFalse();
      assertThat(security.token("t " + sickness)).as(sickness).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - from))
          .as(sickness)
          .isLessThan(Duration.ofSeconds(3));
      security.end(END);
      begin();
    }
  }

  @Test
  void afterTheEndNothingIsRemembered() throws Exception {
    begin();
    answer = "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":true}}";
    assertThat(security.decide(ANN, EXEC).allowed()).isTrue();
    security.end(END);
    assertThat(security.decide(ANN, EXEC).allowed()).isFalse();
    begin();
    answer = "{\"kind\":\"SubjectAccessReview\",\"status\":{\"allowed\":false}}";
    assertThat(security.decide(ANN, EXEC).allowed()).isFalse();
  }

  @Test
  void anAuthorityThatCannotBeReadIsARefusedStep() {
    assertThatThrownBy(
            () ->
                security.begin(
                    new NodeCredential(
                        ApiAccess.token(URI.create("http://127.0.0.1:1"), "", "t"),
                        "no pem",
                        0,
                        Instant.EPOCH),
                    new NoSignals()))
        .isInstanceOf(RescueStepException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aWrongClockDoesNotLockTheApiServerOut() throws Exception {
    String own =
        Pem.certificates(List.of(cluster.client("CN=system:node:w2-debug", Duration.ofHours(1))));
    NodeCredential credential =
        new NodeCredential(
            ApiAccess.certificate(URI.create("http://127.0.0.1:1"), "", own, ""),
            cluster.pem(),
            0,
            Instant.EPOCH);
    Instant end = Authority.BORN.plus(Duration.ofHours(1));
    assertThat(new CredentialTime(credential, () -> Instant.EPOCH).get()).isEqualTo(Authority.BORN);
    assertThat(new CredentialTime(credential, () -> Instant.parse("2099-01-01T00:00:00Z")).get())
        .isEqualTo(end);
    Instant inside = Authority.BORN.plusSeconds(60);
    assertThat(new CredentialTime(credential, () -> inside).get()).isEqualTo(inside);
  }

  private static final class NoSignals implements RescueSignals {
    @Override
    public void withdrawn(String why) {}

    @Override
    public void lost(RescueParticipant participant, String what) {}
  }

  private static final class FakeClients implements KubernetesClients {
    @Override
    public KubernetesClient ambient() {
      throw new UnsupportedOperationException();
    }

    @Override
    public KubernetesClient connect(ApiAccess access) {
      return new KubernetesClientBuilder()
          .withHttpClientFactory(new JdkHttpClientFactory())
          .withConfig(
              new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                  .withMasterUrl(access.server().toString())
                  .build())
          .build();
    }
  }

  private static final class FakeWorker implements Worker {
    @Override
    public String name() {
      return "w2";
    }

    @Override
    public String backupName() {
      return "w2-debug";
    }

    @Override
    public String address() {
      return "127.0.0.1";
    }

    @Override
    public int kubeletPort() {
      return 0;
    }

    @Override
    public Path root() {
      return Path.of("/");
    }

    @Override
    public Path state() {
      return Path.of("/nonexistent");
    }
  }
}
