package io.lifeline.kubernetes.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateDates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real TLS: the server's certificate, the cluster's time and the machine's clock differ. */
class JudgedTrustTest {

  private static final Instant MARCH = Instant.parse("2020-03-01T12:00:00Z");
  private static final Instant NOW = Instant.now();

  /** When the certificates of this test are made and good. */
  private static final Instant LATER = NOW.plus(Duration.ofHours(1));

  private static final Duration YEAR = Duration.ofDays(400);
  private static final String HERE = "IP:127.0.0.1";

  @TempDir Path folder;
  private OpenSsl openssl;
  private ApiServer server;
  private BuiltClients clients;

  @BeforeEach
  void makeAnAuthority() throws Exception {
    openssl = new OpenSsl(folder).authority();
    openssl.run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "server.key");
  }

  @AfterEach
  void stop() {
    server.close();
    clients.close();
  }

  @Test
  void aCertificateThatHasEndedByTheMachinesClockIsGoodAtTheClustersTime() throws Exception {
    HeardTime time = heard(MARCH, NOW);
    goodInSpringOf2020(HERE);

    ask(time, "ca.pem");
    ask(time, "ca.pem");

    assertThat(server.callers).hasSize(2);
    // The server says what it is by its own clock, at which its own certificate would be no good.
    assertThat(time.instant()).isBetween(MARCH, MARCH.plusSeconds(60));
  }

  @Test
  void oneThatHasEndedByTheClustersTimeIsRefusedThoughTheMachineSaysItIsGood() throws Exception {
    goodToday();

    assertThatThrownBy(() -> ask(heard(NOW.plus(YEAR), LATER), "ca.pem"))
        .hasStackTraceContaining("by the API server's clock")
        .hasStackTraceContaining("it must be renewed");
    assertThat(server.callers).isEmpty();
  }

  @Test
  void aMachineThatIsFarAheadAndHasHeardNothingIsToldHowToFindOut() throws Exception {
    goodToday();

    assertThatThrownBy(() -> ask(unheard(NOW.plus(YEAR)), "ca.pem"))
        .hasStackTraceContaining("No API server has told this agent the time")
        .hasStackTraceContaining("'date -u'")
        .hasStackTraceContaining("days or more ahead");
    assertThat(server.callers).isEmpty();
  }

  @Test
  void aMachineThatIsFarBehindAndHasHeardNothingIsToldByHowMuch() throws Exception {
    goodToday();

    assertThatThrownBy(() -> ask(unheard(NOW.minus(YEAR)), "ca.pem"))
        .hasStackTraceContaining("at least 400 days behind")
        .satisfies(
            e ->
                assertThat(CertificateDates.told(e))
                    .contains("The server was not believed: its certificate is good from"));
  }

  @Test
  void theFirstAnswerTellsTheTime() throws Exception {
    goodToday();
    HeardTime time = unheard(NOW.plus(Duration.ofHours(3)));

    ask(time, "ca.pem");

    assertThat(time.heard()).isTrue();
    assertThat(time.instant()).isBetween(NOW.minusSeconds(2), NOW.plusSeconds(60));
  }

  /** A virtual machine that was halted for long: certificates were renewed meanwhile. */
  @Test
  void oneThatWasIssuedAfterTheClustersTimeIsJudgedByTheMachineAndTheAnswerCorrectsTheTime()
      throws Exception {
    goodToday();
    HeardTime time = heard(NOW.minus(YEAR), LATER);

    ask(time, "ca.pem");

    assertThat(time.instant()).isBetween(NOW.minusSeconds(2), NOW.plusSeconds(60));
  }

  @Test
  void oneThatWasIssuedAfterBothIsRefused() throws Exception {
    goodToday();

    assertThatThrownBy(() -> ask(heard(NOW.minus(YEAR), NOW.minus(YEAR)), "ca.pem"))
        .hasStackTraceContaining("by the API server's clock");
  }

  @Test
  void anotherAddressIsRefusedAtAnyTime() throws Exception {
    goodInSpringOf2020("IP:127.0.0.2");

    assertThatThrownBy(() -> ask(heard(MARCH, NOW), "ca.pem"))
        .hasStackTraceContaining("No subject alternative names matching IP address 127.0.0.1");
    assertThat(server.callers).isEmpty();
  }

  @Test
  void anotherAuthorityIsRefusedAtAnyTime() throws Exception {
    goodInSpringOf2020(HERE);
    Path other = Files.createDirectory(folder.resolve("other"));
    new OpenSsl(other).authority();

    assertThatThrownBy(() -> ask(heard(MARCH, NOW), "other/ca.pem"))
        .hasStackTraceContaining("does not chain with any of the trust anchors");
    assertThat(server.callers).isEmpty();
  }

  private void goodInSpringOf2020(String address) throws Exception {
    openssl.dated("server", address, "20200101000000Z", "20200601000000Z");
    serve();
  }

  private void goodToday() throws Exception {
    openssl.certificate("server", "/CN=kube-apiserver");
    serve();
  }

  private void serve() throws Exception {
    server =
        new ApiServer(
            ApiAccess.certificate(
                java.net.URI.create("https://here"),
                openssl.read("ca.pem"),
                openssl.read("server.pem"),
                openssl.read("server.key")));
    server.answer("/api/v1/nodes/w1", 200, "{\"kind\":\"Node\",\"metadata\":{\"name\":\"w1\"}}");
  }

  private static HeardTime unheard(Instant machine) {
    return new HeardTime(() -> machine, System::nanoTime, Optional.empty());
  }

  private static HeardTime heard(Instant cluster, Instant machine) {
    HeardTime time = unheard(machine);
    time.hear(cluster, moment -> true);
    return time;
  }

  private void ask(HeardTime time, String authority) throws IOException {
    clients =
        new BuiltClients(
            time,
            new ClientSettings(
                Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(100)));
    try (KubernetesClient client =
        clients.connect(ApiAccess.token(server.uri(), openssl.read(authority), "t"))) {
      client.nodes().withName("w1").get();
    } finally {
      clients.close();
    }
  }
}
