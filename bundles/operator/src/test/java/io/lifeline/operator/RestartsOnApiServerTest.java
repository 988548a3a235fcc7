package io.lifeline.operator;

import static io.lifeline.operator.Objects.PKI;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.Phase;
import io.lifeline.kubernetes.internal.KubeconfigFiles;
import io.lifeline.operator.bootstrap.ApiServer;
import io.lifeline.operator.csr.Request;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Operators that wait, take over, and are killed at any request. */
@EnabledIfEnvironmentVariable(named = ApiServerUnderTest.KUBECONFIG, matches = ".+")
class RestartsOnApiServerTest extends OnApiServer {

  @Test
  void aSecondOperatorWaitsAndTakesOver() {
    try (KubernetesClient client = api.operator()) {
      Operator second =
          new Operator(
              settings(Duration.ofMinutes(5)),
              client,
              () -> PKI,
              new KubeconfigFiles(),
              api.kubeconfig.toString(),
              Path.of("/nonexistent"),
              () -> "second");
      api.until("the first one leads", () -> holder().equals("test"));
      second.start();
      created("x", "w2");
      untilPhase("x", Phase.WaitingForAgent);
      assertThat(holder()).isEqualTo("test");
      stop();
      api.until("the second one leads", () -> holder().equals("second"));
      created("y", "w3");
      untilPhase("y", Phase.Watching);
      second.close();
    }
  }

  @Test
  void whoGivesUpIsFollowedAndWhoIsAloneLeadsAgain() {
    stop();
    try (KubernetesClient client = api.operator()) {
      AtomicLong nanos = new AtomicLong();
      Leadership first = candidate(client, "first", nanos);
      Leadership second = candidate(client, "second", nanos);
      first.step();
      second.step();
      assertThat(holder()).isEqualTo("first");
      first.giveUp();
      assertThat(first.holds()).isFalse();
      assertThat(holder()).isEmpty();
      first.step();
      assertThat(holder()).as("it leaves the others time").isEmpty();
      second.step();
      assertThat(second.holds()).isTrue();
      nanos.addAndGet(Duration.ofSeconds(15).toNanos());
      second.step();
      first.step();
      assertThat(holder()).isEqualTo("second");
      second.giveUp();
      nanos.addAndGet(Duration.ofSeconds(15).toNanos());
      second.step();
      assertThat(second.holds()).as("nobody else wanted it").isTrue();
    }
  }

  private static Leadership candidate(KubernetesClient client, String name, AtomicLong nanos) {
    return new Leadership(
        client, SYSTEM, name, Duration.ofSeconds(15), Clock.systemUTC(), nanos::get);
  }

  private String holder() {
    var lease = api.admin.leases().inNamespace(SYSTEM).withName(Leadership.LEASE).get();
    return lease == null || lease.getSpec().getHolderIdentity() == null
        ? ""
        : lease.getSpec().getHolderIdentity();
  }

  /** One pass whose process is killed after so many requests; false when it ended by itself. */
  private boolean killedAfter(int requests) {
    try (CutClient cut = new CutClient(api.kubeconfig, requests)) {
      Pass.Parts parts =
          Operator.parts(
              settings(Duration.ofMinutes(5)),
              cut.client,
              () -> PKI,
              new ApiServer(
                  cut.client,
                  new KubeconfigFiles(),
                  Optional.of(api.access.server()),
                  api.kubeconfig.toString()),
              new KubeconfigFiles(),
              Path.of("/nonexistent"),
              new Bell(),
              new Bell());
      try {
        new Pass(parts).run();
      } catch (KubernetesClientException | IllegalStateException e) {
        assertThat(cut.cut()).as(e.toString()).isTrue();
      }
      parts.watches().close();
      return cut.cut();
    }
  }

  @Test
  void itCanBeKilledAtAnyRequestAndBegunAgain() throws Exception {
    stop();
    boolean killedAtTheStart = true;
    boolean killedAtTheEnd = true;
    int requests = 0;
    while (killedAtTheStart || killedAtTheEnd) {
      requests++;
      created("x", "w2");
      killedAtTheStart = killedAfter(requests);
      killedAfter(Integer.MAX_VALUE);
      assertThat(api.nodeDebug("x").story().phase())
          .as("begun again after request %d", requests)
          .isEqualTo(Phase.WaitingForAgent);
      assertThat(kubeconfig("w2")).isNotEmpty();
      String name;
      KeyPair key = PKI.newKey();
      try (KubernetesClient bootstrap = bootstrap("w2")) {
        name =
            ApiServerUnderTest.create(
                bootstrap, csr(Request.NODE_CLIENT, backupSubject("w2"), key, NODE));
      }
      api.approve(name);
      register(api.admin, "w2");
      ApiServerUnderTest.ready(api.admin, "w2-debug", "False", "CertificateExpired");
      killedAtTheEnd = killedAfter(requests);
      killedAfter(Integer.MAX_VALUE);
      assertThat(nothingLeftOfBackup("w2")).as("ended after request %d", requests).isTrue();
      assertThat(api.find(name)).as("ended after request %d", requests).isEmpty();
      assertThat(api.nodeDebug("x").story().phase()).isEqualTo(Phase.WaitingForAgent);
      api.admin.resources(NodeDebug.class).withName("x").delete();
      killedAtTheEnd |= killedAfter(requests);
      killedAfter(Integer.MAX_VALUE);
      assertThat(api.nodeDebug("x")).as("deleted after request %d", requests).isNull();
      assertThat(nothingLeftAtAll()).isTrue();
    }
    assertThat(requests).isGreaterThan(20);
  }
}
