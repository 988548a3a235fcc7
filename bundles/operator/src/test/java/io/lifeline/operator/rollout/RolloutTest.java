package io.lifeline.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.lifeline.crd.Condition;
import io.lifeline.crd.LifelineConfig;
import io.lifeline.crd.LifelineConfigSpec;
import io.lifeline.crd.LifelineConfigStatus;
import io.lifeline.crd.LifelineConfigStatus.Type;
import io.lifeline.operator.Objects;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutTest {

  private static final String PIN = "ab".repeat(32);

  private final RolloutStory story =
      new RolloutStory(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

  private static Rollout.Wish wish(int most) {
    return new Rollout.Wish("0.2.0", PIN, most);
  }

  private static AgentNode old(String name) {
    return new AgentNode(name, true, "", "", "0.1.0", "");
  }

  private static AgentNode asked(String name) {
    return new AgentNode(name, true, "0.2.0", PIN, "0.1.0", "");
  }

  private static AgentNode done(String name) {
    return new AgentNode(name, true, "0.2.0", PIN, "0.2.0", "");
  }

  private static AgentNode failed(String name, String why) {
    return new AgentNode(name, true, "0.2.0", PIN, "0.1.0", why);
  }

  private static Rollout of(int most, AgentNode... nodes) {
    return Rollout.of(wish(most), List.of(nodes), node -> false);
  }

  private static LifelineConfig config() {
    LifelineConfig config = new LifelineConfig();
    config.setMetadata(new ObjectMetaBuilder().withName("lifeline").withGeneration(3L).build());
    config.setSpec(new LifelineConfigSpec("0.2.0", 1));
    return config;
  }

  @Test
  void asManyAreAskedAsMayBeAtItAtOnce() {
    assertThat(of(1, old("w2"), old("w1"), old("w3")).ask()).containsExactly("w1");
    assertThat(of(2, old("w2"), old("w1"), old("w3")).ask()).containsExactly("w1", "w2");
    assertThat(of(2, asked("w1"), old("w2"), old("w3")).ask()).containsExactly("w2");
    assertThat(of(1, asked("w1"), old("w2"), old("w3")).ask()).isEmpty();
  }

  @Test
  void theNextComesWhenOneHasIt() {
    Rollout rollout = of(1, done("w1"), old("w2"));
    assertThat(rollout.updated()).isEqualTo(1);
    assertThat(rollout.nodes()).isEqualTo(2);
    assertThat(rollout.ask()).containsExactly("w2");
    assertThat(of(1, done("w1"), done("w2")).done()).isTrue();
  }

  @Test
  void nobodyIsAskedAfterAFailure() {
    Rollout rollout = of(3, failed("w1", "a wrong checksum"), asked("w2"), old("w3"));
    assertThat(rollout.failed()).isEqualTo(Map.of("w1", "a wrong checksum"));
    assertThat(rollout.updating()).containsExactly("w2");
    assertThat(rollout.ask()).isEmpty();
    assertThat(rollout.done()).isFalse();
  }

  @Test
  void aFailureOfAnEarlierReleaseCountsNoMore() {
    AgentNode earlier = new AgentNode("w1", true, "0.1.5", PIN, "0.1.0", "it did not resolve");
    assertThat(of(1, earlier).ask()).containsExactly("w1");
  }

  @Test
  void whoDoesNotAnswerInTimeHasFailed() {
    Rollout rollout = Rollout.of(wish(2), List.of(asked("w1"), old("w2")), node -> true);
    assertThat(rollout.failed()).containsOnlyKeys("w1");
    assertThat(rollout.ask()).isEmpty();
  }

  @Test
  void nodesThatAreNotReadyOrHaveNoAgentAreLeftOut() {
    Rollout rollout =
        of(
            2,
            new AgentNode("w1", false, "", "", "0.1.0", ""),
            new AgentNode("w2", true, "", "", "", ""),
            old("w3"));
    assertThat(rollout.skipped()).isEqualTo(2);
    assertThat(rollout.nodes()).isEqualTo(1);
    assertThat(rollout.ask()).containsExactly("w3");
  }

  @Test
  void oneThatBreaksInTheMiddleKeepsItsPlace() {
    AgentNode broken = new AgentNode("w1", false, "0.2.0", PIN, "0.1.0", "");
    assertThat(of(1, broken, old("w2")).ask()).isEmpty();
  }

  @Test
  void anAgentThatWasAskedForAnotherVersionIsAskedAgainWhateverItRuns() {
    AgentNode older = new AgentNode("w1", true, "0.1.0", PIN, "0.2.0", "");
    assertThat(of(1, older).ask()).containsExactly("w1");
    AgentNode born = new AgentNode("w1", true, "", "", "0.2.0", "");
    assertThat(of(1, born).done()).isTrue();
  }

  @Test
  void theAgentIsReadFromTheNodesAnnotations() {
    assertThat(
            AgentNode.of(
                new NodeBuilder(Objects.node("w1", "True", "KubeletReady"))
                    .editMetadata()
                    .addToAnnotations("lifeline.io/agent-version", "0.2.0")
                    .addToAnnotations("lifeline.io/agent-release", PIN)
                    .addToAnnotations("lifeline.io/agent-running", "0.1.0")
                    .addToAnnotations("lifeline.io/agent-upgrade-failed", "why")
                    .endMetadata()
                    .build()))
        .contains(failed("w1", "why"));
    assertThat(AgentNode.of(Objects.backup("w1", "True", "KubeletReady"))).isEmpty();
  }

  @Test
  void aFailureIsToldWithNodeReasonAndWhatToDo() {
    LifelineConfigStatus status =
        story.of(
            config(),
            wish(1),
            of(1, done("w1"), failed("w2", "it does not resolve"), old("w3")),
            Set.of("0.2.0"));
    assertThat(status.message())
        .contains(
            "1 of 3 nodes have 0.2.0",
            "w2",
            "it does not resolve.",
            "kubectl annotate node w2 lifeline.io/agent-upgrade-failed-");
    assertThat(status.failed()).isEqualTo(1);
    assertThat(status.current()).containsExactly("w2");
    assertThat(status.observedGeneration()).isEqualTo(3);
    Condition updated = status.condition(Type.Updated).orElseThrow();
    assertThat(updated.reason()).isEqualTo("Stopped");
    assertThat(updated.isTrue()).isFalse();
  }

  @Test
  void theEndAndWhoWasLeftOutIsTold() {
    Rollout rollout =
        of(1, done("w1"), done("w2"), new AgentNode("w3", false, "", "", "0.1.0", ""));
    LifelineConfigStatus status = story.of(config(), wish(1), rollout, Set.of("0.2.0"));
    assertThat(status.message())
        .isEqualTo(
            "2 of 2 nodes have 0.2.0; 1 not Ready or without an agent, left out until they are"
                + " back.");
    assertThat(status.condition(Type.Updated).orElseThrow().isTrue()).isTrue();
  }

  @Test
  void aReleaseThatIsNotHereIsToldWithThoseThatAre() {
    LifelineConfigStatus status =
        story.missing(config(), List.of("0.1.0"), "there is no release 0.2.0 here.");
    assertThat(status.message()).contains("no release 0.2.0", "has 0.1.0", "set image");
    assertThat(status.condition(Type.ReleaseAvailable).orElseThrow().isTrue()).isFalse();
  }
}
