package io.lifeline.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.crd.NodeDebug;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootstrapDecisionTest {

  private static final Optional<Agent> W2 = Optional.of(new Agent("w2"));

  private final FakeCluster cluster = new FakeCluster();
  private final BootstrapDecision decision =
      new BootstrapDecision(cluster, new RateLimit(5, () -> 0L));

  @BeforeEach
  void w2IsBrokenAndWanted() {
    cluster.nodeDebugs.add(FakeCluster.accepted("x", "w2"));
    cluster.ready.put("w2", false);
    cluster.ready.put("w1", true);
    cluster.kubeconfigs.put("w2", "the kubeconfig of w2");
  }

  private Answer.Reason refusal(Optional<Agent> caller, String asked) {
    assertThat(decision.decide(caller, asked).answer()).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused) decision.decide(caller, asked).answer()).reason();
  }

  @Test
  void theAgentOfABrokenWorkerGetsItsKubeconfig() {
    assertThat(decision.decide(W2, "w2").answer())
        .isEqualTo(new Answer.Granted("the kubeconfig of w2"));
  }

  @Test
  void whoIsNotAnAgentGetsNothing() {
    assertThat(refusal(Optional.empty(), "w2")).isEqualTo(Answer.Reason.NotAnAgent);
  }

  @Test
  void anAgentGetsNothingForAnotherWorker() {
    assertThat(refusal(Optional.of(new Agent("w1")), "w2")).isEqualTo(Answer.Reason.WrongWorker);
    assertThat(refusal(W2, "w2\n\"x")).isEqualTo(Answer.Reason.WrongWorker);
  }

  @Test
  void aRefusalIsAboutTheNodeDebugOfTheOneWhoAsks() {
    assertThat(decision.decide(W2, "w1").about().map(nd -> nd.getMetadata().getName()))
        .contains("x");
    assertThat(decision.decide(Optional.of(new Agent("w1")), "w2").about()).isEmpty();
  }

  @Test
  void withoutANodeDebugThereIsNothing() {
    cluster.nodeDebugs.clear();
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.NoNodeDebug);
  }

  @Test
  void aNodeDebugThatIsNotAcceptedOrGoesDoesNotCount() {
    cluster.nodeDebugs.set(0, FakeCluster.accepted(FakeCluster.accepted("x", "w2"), "False"));
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.NoNodeDebug);
    NodeDebug going = FakeCluster.accepted("x", "w2");
    going.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    cluster.nodeDebugs.set(0, going);
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.NoNodeDebug);
  }

  @Test
  void aWorkerThatIsReadyGetsNothing() {
    cluster.ready.put("w2", true);
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.WorkerReady);
  }

  @Test
  void withoutAKeptKubeconfigThereIsNothing() {
    cluster.kubeconfigs.clear();
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.NoBootstrapKubeConfig);
  }

  @Test
  void anApiServerThatDoesNotAnswerIsANo() {
    cluster.reachable = false;
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.ApiServerUnreachable);
  }

  @Test
  void whoAsksTooOftenIsToldSo() {
    for (int i = 0; i < 5; i++) {
      decision.decide(W2, "w2");
    }
    assertThat(refusal(W2, "w2")).isEqualTo(Answer.Reason.TooManyRequests);
    assertThat(refusal(Optional.of(new Agent("w1")), "w1")).isEqualTo(Answer.Reason.NoNodeDebug);
  }

  @Test
  void aKubeconfigIsNeverShown() {
    assertThat(decision.decide(W2, "w2").toString()).doesNotContain("kubeconfig of");
  }
}
