package io.lifeline.node.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.PendingCertificate;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerFacts;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a proxy that hands out a token, and an API server that believes one token alone. */
@Timeout(60)
class CredentialStepsTest {

  private static final CertificateAuthority OURS = Authorities.authority("ours");
  private static final CertificateAuthority CLUSTER = Authorities.authority("cluster");
  private static final URI SERVER = URI.create("https://10.0.0.10:6443");

  @TempDir private Path state;
  private HttpsServer proxy;
  private HttpServer apiServer;
  private Vault vault;
  private volatile String handedOut = "first";
  private volatile int proxyStatus = 200;
  private volatile String believed = "first";
  private volatile boolean silent;
  private volatile String request = "";
  private volatile String issued = "";

  @BeforeEach
  void begin() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    proxy = HttpsServer.create(anyPort, 5);
    proxy.setHttpsConfigurator(
        new HttpsConfigurator(Authorities.server(OURS, PinnedTls.PROXY_NAME)));
    proxy.createContext(
        "/v1/bootstrap", exchange -> answer(exchange, proxyStatus, handedOut, "text/plain"));
    proxy.start();
    apiServer = HttpServer.create(anyPort, 5);
    apiServer.createContext("/", this::api);
    apiServer.start();
    vault = new Vault(state);
    vault.keep(new Pins(List.of(SERVER), ca(), ca(), List.of("127.0.0.1")));
    vault.keep(Authorities.enrolment(OURS, "w9"));
  }

  @AfterEach
  void end() {
    proxy.stop(0);
    apiServer.stop(0);
  }

  private static String ca() {
    return Pem.certificates(List.of(CLUSTER.certificate()));
  }

  private static void answer(HttpExchange exchange, int status, String body, String type)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void api(HttpExchange exchange) throws IOException {
    if (silent) {
      exchange.close();
      return;
    }
    String path = exchange.getRequestURI().getPath();
    int status = 200;
    if (!("Bearer " + believed).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      status = 401;
    } else if (exchange.getRequestMethod().equals("POST")) {
      status = 201;
    } else if (!path.endsWith("/" + request)) {
      status = 404;
    }
    String answer =
        status >= 400
            ? "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":%d}".formatted(status)
            : """
            {"kind":"CertificateSigningRequest","apiVersion":"certificates.k8s.io/v1",
             "metadata":{"name":"%s","creationTimestamp":"%s"},"status":{"certificate":"%s"}}
            """
                .formatted(request, Instant.now().truncatedTo(ChronoUnit.SECONDS), issued);
    answer(exchange, status, answer, "application/json");
  }

  private CredentialSteps steps() {
    Worker worker = new WorkerFacts("w9", "w9-debug", "10.0.0.9", 10350, state, state);
    CredentialSettings settings =
        CredentialSettings.of(
            Settings.of(
                CredentialSettings.PID,
                Map.of("proxy.port", Integer.toString(proxy.getAddress().getPort()))));
    ClusterTime time = ClusterTime.ofMachine();
    Kubeconfig tokens = new Tokens();
    KubernetesClients clients = new Clients();
    return new CredentialSteps(
        settings,
        worker,
        tokens,
        clients,
        Authorities.PKI,
        vault,
        new Arming(settings, worker, tokens, clients, Authorities.PKI, vault, time),
        time);
  }

  /** Requests a certificate, which the API server then has. */
  private PendingCertificate requested(CredentialSteps steps) throws Exception {
    PendingCertificate pending = steps.request();
    request = pending.name();
    return pending;
  }

  private void approve() throws Exception {
    String pem =
        Authorities.PKI.request(
            Authorities.PKI.newKey(),
            CertificateSubject.client("system:node:w9-debug", "system:nodes"));
    String certificate =
        Pem.certificates(
            List.of(CLUSTER.sign(pem, CertificateAuthority.Usage.CLIENT, Duration.ofHours(2))));
    issued = Base64.getEncoder().encodeToString(certificate.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void anApprovalThatComesAfterTheBootstrapTokensEndIsSeenWithTheNextToken() throws Exception {
    CredentialSteps steps = steps();
    PendingCertificate pending = requested(steps);
    assertThat(steps.issued(pending)).isEmpty();

    believed = "second";
    handedOut = "second";
    approve();

    Optional<NodeCredential> credential = steps.issued(pending);
    assertThat(credential).isPresent();
    assertThat(credential.get().access().server()).isEqualTo(SERVER);
    assertThat(vault.request().orElseThrow().access().token()).isEqualTo("second");
  }

  @Test
  void aTokenThatIsNotBelievedIsNotForgottenWhileTheProxyHasNoOther() throws Exception {
    CredentialSteps steps = steps();
    PendingCertificate pending = requested(steps);
    believed = "second";
    assertThatThrownBy(() -> steps.issued(pending)).matches(e -> kindOf(e) == Kind.REFUSED);
    proxyStatus = 404;
    handedOut = "there is no NodeDebug for w9";
    assertThatThrownBy(() -> steps.issued(pending))
        .hasMessageContaining("there is no NodeDebug for w9")
        .matches(e -> kindOf(e) == Kind.REFUSED);
    assertThat(vault.request().orElseThrow().name()).isEqualTo(pending.name());
  }

  @Test
  void aRequestThatWentWithItsNodeDebugIsMadeAnewWithTheNextOnes() throws Exception {
    PendingCertificate before = requested(steps());
    believed = "second";
    handedOut = "second";
    request = "none";
    PendingCertificate after = steps().request();
    assertThat(after.name()).isNotEqualTo(before.name());
    assertThat(vault.request().orElseThrow().access().token()).isEqualTo("second");
  }

  @Test
  void anAgentThatComesBackWhileTheApiServerIsSilentWaitsForTheRequestOfItsEarlierLife()
      throws Exception {
    PendingCertificate before = requested(steps());
    silent = true;
    CredentialSteps nextLife = steps();
    assertThatThrownBy(nextLife::request).matches(e -> kindOf(e) == Kind.UNREACHABLE);
    silent = false;
    assertThat(nextLife.request()).isEqualTo(before);
  }

  private static Kind kindOf(Throwable e) {
    return ((CredentialException) e).kind();
  }

  /** A kubeconfig that is its token alone. */
  private static final class Tokens implements Kubeconfig {

    @Override
    public ApiAccess parse(String yaml, Path root) {
      return ApiAccess.token(SERVER, ca(), yaml);
    }

    @Override
    public String write(ApiAccess access, String userName) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Clients implements KubernetesClients {

    @Override
    public KubernetesClient ambient() {
      throw new UnsupportedOperationException();
    }

    @Override
    public KubernetesClient connect(ApiAccess access) {
      return new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder()
                  .withMasterUrl("http://127.0.0.1:" + apiServer.getAddress().getPort())
                  .withAutoConfigure(false)
                  .withOauthToken(access.token())
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .withHttpClientFactory(new JdkHttpClientFactory())
          .build();
    }
  }
}
