package io.lifeline.node.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.ClusterTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real TLS server on loopback that asks for client certificates. */
@Timeout(30)
class ProxyClientTest {

  private static final CertificateAuthority OURS = Authorities.authority("ours");
  private static final CertificateAuthority STRANGER = Authorities.authority("stranger");

  private HttpsServer server;
  private ClusterTime time = ClusterTime.ofMachine();
  private volatile int status = 200;
  private volatile String answer = "kind: Config";
  private volatile String asked = "";
  private volatile int sent = 100_000;

  private ProxyClient serve(CertificateAuthority authority, String name) throws Exception {
    SSLContext context = Authorities.server(authority, name);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/v1/bootstrap",
        exchange -> {
          asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/v1/releases/0.2.0/a.jar",
        exchange -> {
          exchange.sendResponseHeaders(200, 100_000);
          exchange.getResponseBody().write(new byte[sent]);
          exchange.close();
        });
    server.start();
    return new ProxyClient(server.getAddress().getPort(), time);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static CredentialException.Kind kindOf(Throwable e) {
    return ((CredentialException) e).kind();
  }

  @Test
  void theProxyHandsOverWhatItHas() throws Exception {
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    assertThat(client.bootstrap("w9", List.of("127.0.0.1"), Authorities.enrolment(OURS, "w9")))
        .isEqualTo("kind: Config");
    assertThat(asked).isEqualTo("{\"workerName\":\"w9\"}");
  }

  @Test
  void aNoOfTheProxyIsPassedOnWithItsReason() throws Exception {
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    status = 404;
    answer = "no NodeDebug names w9";
    assertThatThrownBy(
            () -> client.bootstrap("w9", List.of("127.0.0.1"), Authorities.enrolment(OURS, "w9")))
        .hasMessageContaining("no NodeDebug names w9")
        .matches(e -> kindOf(e) == Kind.REFUSED);
  }

  @Test
  void aProxyOfAnotherAuthorityIsNotBelieved() throws Exception {
    ProxyClient client = serve(STRANGER, PinnedTls.PROXY_NAME);
    assertThatThrownBy(
            () -> client.bootstrap("w9", List.of("127.0.0.1"), Authorities.enrolment(OURS, "w9")))
        .hasMessageContaining("not signed by the authority pinned at enrolment");
    assertThat(asked).isEmpty();
  }

  @Test
  void aCertificateOfOursThatIsNotTheProxysIsNotBelieved() throws Exception {
    ProxyClient client = serve(OURS, "agent.lifeline.io");
    assertThatThrownBy(
            () -> client.bootstrap("w9", List.of("127.0.0.1"), Authorities.enrolment(OURS, "w9")))
        .hasMessageContaining("is not that of proxy.lifeline.io");
    assertThat(asked).isEmpty();
  }

  /** The proxy's is good for an hour from now. */
  @Test
  void aCertificateOfTheProxysIsJudgedByTheClustersTime() throws Exception {
    time = new Told(Instant.now().plus(Duration.ofMinutes(30)), Duration.ofDays(400));
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    Enrolment enrolment = Authorities.enrolment(OURS, "w9");
    assertThat(client.bootstrap("w9", List.of("127.0.0.1"), enrolment)).isEqualTo("kind: Config");

    server.stop(0);
    time = new Told(Instant.now().plus(Duration.ofDays(2)), Duration.ofDays(-2));
    ProxyClient later = serve(OURS, PinnedTls.PROXY_NAME);
    assertThatThrownBy(() -> later.bootstrap("w9", List.of("127.0.0.1"), enrolment))
        .hasMessageContaining("by the API server's clock");
  }

  /** The cluster's time, and how far the machine's is ahead of it. */
  private record Told(Instant instant, Duration ahead) implements ClusterTime {

    @Override
    public boolean heard() {
      return true;
    }

    @Override
    public Instant machine() {
      return instant.plus(ahead);
    }
  }

  @Test
  void whenNobodyAnswersEveryPeerIsNamed() throws Exception {
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    server.stop(0);
    assertThatThrownBy(
            () ->
                client.bootstrap(
                    "w9", List.of("127.0.0.1", "127.0.0.2"), Authorities.enrolment(OURS, "w9")))
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining("127.0.0.2")
        .matches(e -> kindOf(e) == Kind.UNREACHABLE);
  }

  private static int fetched(ProxyClient client, long most) throws Exception {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    client.release(
        "0.2.0/a.jar",
        most,
        to,
        List.of("127.0.0.1", "127.0.0.2"),
        Authorities.enrolment(OURS, "w9"));
    return to.size();
  }

  @Test
  void aFileOfAReleaseIsCopied() throws Exception {
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    assertThat(fetched(client, 100_000)).isEqualTo(100_000);
  }

  @Test
  void aFileThatIsLongerThanItMayBeIsBrokenOff() throws Exception {
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    assertThatThrownBy(() -> fetched(client, 99_999))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 99999 bytes");
  }

  @Test
  void aFileThatBreaksOffIsNotGoneOnWithFromAnotherPeer() throws Exception {
    ProxyClient client = serve(OURS, PinnedTls.PROXY_NAME);
    sent = 50_000;
    assertThatThrownBy(() -> fetched(client, 100_000)).isInstanceOf(IOException.class);
  }
}
