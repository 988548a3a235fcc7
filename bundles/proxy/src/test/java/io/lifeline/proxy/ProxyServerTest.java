package io.lifeline.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.release.api.AgentRelease;
import io.lifeline.release.api.ReleaseFolders;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import io.lifeline.security.pki.BouncyCastlePki;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real TLS. */
class ProxyServerTest {

  private final BouncyCastlePki pki =
      new BouncyCastlePki(io.lifeline.security.api.ClusterTime.ofMachine());
  private final CertificateAuthority authority = pki.newAuthority("lifeline", Duration.ofDays(1));
  private final CertificateAuthority stranger = pki.newAuthority("lifeline", Duration.ofDays(1));
  private final FakeCluster cluster = new FakeCluster();

  private static final int MOST = 8;
  private static final Duration IDLE = Duration.ofSeconds(2);

  @TempDir Path folder;
  private ProxyServer server;
  private int port;

  private record Holder(KeyPair key, X509Certificate certificate) {}

  private Holder agent(CertificateAuthority signer, String name, String organization)
      throws Exception {
    KeyPair key = pki.newKey();
    String request = pki.request(key, CertificateSubject.client(name, organization));
    return new Holder(
        key, signer.sign(request, CertificateAuthority.Usage.CLIENT, Duration.ofHours(1)));
  }

  private Holder w2() throws Exception {
    return agent(authority, "lifeline:agent:w2", "lifeline:agents");
  }

  @BeforeEach
  void open() throws Exception {
    KeyPair key = pki.newKey();
    String request =
        pki.request(
            key,
            new CertificateSubject("proxy", List.of(), List.of("localhost"), List.of("127.0.0.1")));
    X509Certificate certificate =
        authority.sign(request, CertificateAuthority.Usage.SERVER, Duration.ofHours(1));
    Files.writeString(folder.resolve("tls.crt"), Pem.certificates(List.of(certificate)));
    Files.writeString(folder.resolve("tls.key"), Pem.privateKey(key.getPrivate()));
    Files.writeString(folder.resolve("ca.crt"), Pem.certificates(List.of(authority.certificate())));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    cluster.nodeDebugs.add(FakeCluster.accepted("x", "w2"));
    cluster.ready.put("w2", false);
    cluster.kubeconfigs.put("w2", "apiVersion: v1\nkind: Config\n");
    BootstrapDecision decision =
        new BootstrapDecision(cluster, new RateLimit(100, System::nanoTime));
    server =
        ProxyServer.open(
            new ProxyServer.Place("127.0.0.1", port),
            new ProxyServer.Limits(MOST, IDLE),
            TlsFiles.read(folder),
            List.of(
                new BootstrapResource(decision, new RefusalEvents(nobody(), Clock.systemUTC())),
                new ReleaseResource(
                    new ReleaseFolders(folder, Optional.of(folder.resolve("releases"))),
                    new RateLimit(6, System::nanoTime))));
  }

  // Events go to a client whose every call fails: a refusal is answered all the same.
  private static KubernetesClient nobody() {
    return (KubernetesClient)
        Proxy.newProxyInstance(
            ProxyServerTest.class.getClassLoader(),
            new Class<?>[] {KubernetesClient.class},
            (proxy, method, arguments) -> {
              throw new io.fabric8.kubernetes.client.KubernetesClientException("nobody there");
            });
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void connectionsThatSayNothingAreFewAndEndSoon() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try {
      // Jetty counts what is inside TLS a moment later: so long up to twice as many come in.
      for (int i = 0; i < 3 * MOST; i++) {
        strangers.add(new Socket("127.0.0.1", port));
      }
      long began = System.nanoTime();
      assertThat(post(Optional.of(w2()), "{\"workerName\":\"w2\"}").statusCode()).isEqualTo(200);
      assertThat(System.nanoTime() - began).as("it waited for a place").isGreaterThan(500_000_000L);
      for (Socket stranger : strangers) {
        stranger.setSoTimeout(5_000);
        assertThat(stranger.getInputStream().read()).isNegative();
      }
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  private HttpResponse<String> post(Optional<Holder> holder, String body) throws Exception {
    return send(
        holder,
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/bootstrap"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(Holder holder, String path) throws Exception {
    return send(
        Optional.of(holder),
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/releases/" + path)));
  }

  private HttpResponse<String> send(Optional<Holder> holder, HttpRequest.Builder request)
      throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("ca", authority.certificate());
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(trust);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    if (holder.isPresent()) {
      keys.setKeyEntry(
          "me",
          holder.get().key().getPrivate(),
          new char[0],
          new X509Certificate[] {holder.get().certificate()});
    }
    KeyManagerFactory mine = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    mine.init(keys, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(mine.getKeyManagers(), trusted.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(tls)
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theAgentGetsTheKubeconfig() throws Exception {
    HttpResponse<String> response = post(Optional.of(w2()), "{\"workerName\":\"w2\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/yaml");
    assertThat(response.body()).isEqualTo("apiVersion: v1\nkind: Config\n");
  }

  @Test
  void aRefusalSaysWhy() throws Exception {
    HttpResponse<String> response = post(Optional.of(w2()), "{ \"workerName\" : \"w1\" }\n");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("\"reason\":\"WrongWorker\"", "\"message\":\"");
    cluster.nodeDebugs.clear();
    assertThat(post(Optional.of(w2()), "{\"workerName\":\"w2\"}").statusCode()).isEqualTo(404);
  }

  @Test
  void withoutACertificateThereIsNoConnection() {
    assertThatThrownBy(() -> post(Optional.empty(), "{\"workerName\":\"w2\"}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aCertificateOfAnotherAuthorityOfTheSameNameIsNotTaken() throws Exception {
    Holder forged = agent(stranger, "lifeline:agent:w2", "lifeline:agents");
    assertThatThrownBy(() -> post(Optional.of(forged), "{\"workerName\":\"w2\"}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aCertificateThatIsNotAnAgentsIsRefused() throws Exception {
    for (Holder other :
        List.of(
            agent(authority, "proxy.lifeline.io", "lifeline:agents"),
            agent(authority, "lifeline:agent:w2", "others"))) {
      HttpResponse<String> response = post(Optional.of(other), "{\"workerName\":\"w2\"}");
      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(response.body()).contains("NotAnAgent");
    }
  }

  @Test
  void aBodyThatIsNoRequestIsRefused() throws Exception {
    for (String body : List.of("", "[]", "{\"workerName\":2}", "x".repeat(100_000))) {
      assertThat(post(Optional.of(w2()), body).statusCode()).isEqualTo(400);
    }
  }

  private void release() throws IOException {
    Path version = Files.createDirectories(folder.resolve("releases/0.2.0"));
    Files.writeString(version.resolve("a.jar"), "bytes of a");
    Files.writeString(version.resolve("secret"), "not named");
    Files.writeString(
        version.resolve("SHA256SUMS"),
        AgentRelease.sha256("bytes of a".getBytes(StandardCharsets.UTF_8)) + "  a.jar\n");
  }

  @Test
  void anEnrolledAgentGetsTheFilesOfARelease() throws Exception {
    release();
    assertThat(get(w2(), "0.2.0/SHA256SUMS").body()).endsWith("  a.jar\n");
    HttpResponse<String> file = get(w2(), "0.2.0/a.jar");
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).isEqualTo("bytes of a");
    assertThat(file.headers().firstValue("Content-Length")).contains("10");
  }

  @Test
  void nothingButWhatAReleaseNamesIsHandedOut() throws Exception {
    release();
    for (String path :
        List.of(
            "0.2.0/secret",
            "0.2.0/..%2F..%2Ftls.key",
            "..%2F/tls.key",
            "0.9.0/a.jar",
            "%2e%2e/tls.key")) {
      HttpResponse<String> response = get(w2(), path);
      assertThat(response.statusCode()).as(path).isBetween(400, 404);
      assertThat(response.body()).as(path).doesNotContain("not named", "PRIVATE KEY");
    }
  }

  @Test
  void whoIsNotAnAgentGetsNoRelease() throws Exception {
    release();
    Holder other = agent(authority, "proxy.lifeline.io", "lifeline:agents");
    assertThat(get(other, "0.2.0/a.jar").statusCode()).isEqualTo(403);
  }

  @Test
  void anAgentThatAsksForTooManyFilesIsToldSo() throws Exception {
    release();
    for (int i = 0; i < 6; i++) {
      assertThat(get(w2(), "0.2.0/a.jar").statusCode()).isEqualTo(200);
    }
    assertThat(get(w2(), "0.2.0/a.jar").statusCode()).isEqualTo(429);
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    Files.delete(folder.resolve("tls.key"));
    assertThatThrownBy(() -> TlsFiles.read(folder)).hasMessageContaining("tls.key");
  }
}
