package io.lifeline.operator.rescue;

import static io.lifeline.operator.Objects.backup;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.lifeline.operator.OperatorSettings;
import io.lifeline.operator.rescue.Ending.Circumstances;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndingTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Node SERVING = backup("w2", "True", "Serving");

  private long nanos = Long.MAX_VALUE - 5;
  private final Ending ending =
      new Ending(
          new OperatorSettings.Ending(
              Duration.ofMinutes(5), Duration.ofSeconds(20), Duration.ofSeconds(60)),
          new Steady(() -> nanos),
          Clock.fixed(NOW, ZoneOffset.UTC));

  private static Circumstances wanted(String lease) {
    return new Circumstances(true, false, lease, Optional.of(NOW.plusSeconds(600)));
  }

  private static Circumstances unwanted() {
    return new Circumstances(false, false, "t1", Optional.empty());
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private String over(Node node, Circumstances known) {
    End end = ending.of(node, known);
    assertThat(end).isInstanceOf(End.Over.class);
    return ((End.Over) end).reason();
  }

  @Test
  void aBackupNodeThatServesGoesOn() {
    assertThat(ending.of(SERVING, wanted("t1"))).isEqualTo(new End.NotYet());
  }

  @Test
  void theAgentsWordEndsItAtOnce() {
    for (String reason : List.of("WorkerReady", "CertificateExpired", "Withdrawn", "Stopped")) {
      assertThat(over(backup("w2", "False", reason), wanted("t1"))).isEqualTo(reason);
    }
    assertThat(ending.of(backup("w2", "False", "ComingUp"), wanted("t1")))
        .isEqualTo(new End.NotYet());
    assertThat(ending.of(backup("w2", "True", "WorkerReady"), wanted("t1")))
        .isEqualTo(new End.NotYet());
  }

  @Test
  void anAgentThatDoesNotRenewItsLeaseHasVanished() {
    ending.of(SERVING, wanted("t1"));
    pass(Duration.ofMinutes(1));
    assertThat(ending.of(SERVING, wanted("t2"))).isEqualTo(new End.NotYet());
    for (int minute = 1; minute <= 5; minute++) {
      pass(Duration.ofMinutes(1));
      assertThat(ending.of(SERVING, wanted("t2"))).isEqualTo(new End.NotYet());
    }
    pass(Duration.ofSeconds(1));
    assertThat(over(SERVING, wanted("t2"))).isEqualTo("AgentVanished");
  }

  /** Whoever looks first when it is back sees the Lease of before, and agents renew it then. */
  @Test
  void anApiServerThatWasAwayForLongerThanTheDeadlineIsNotAnAgentThatVanished() {
    ending.of(SERVING, wanted("t1"));
    pass(Duration.ofMinutes(30));
    assertThat(ending.of(SERVING, wanted("t1"))).isEqualTo(new End.NotYet());
    pass(Duration.ofSeconds(15));
    assertThat(ending.of(SERVING, wanted("t2"))).isEqualTo(new End.NotYet());
  }

  @Test
  void theCertificatesEndIsTheEndAMinuteLater() {
    Circumstances justOver = new Circumstances(true, false, "t", Optional.of(NOW.minusSeconds(59)));
    assertThat(ending.of(SERVING, justOver)).isEqualTo(new End.NotYet());
    Circumstances over = new Circumstances(true, false, "t", Optional.of(NOW.minusSeconds(61)));
    assertThat(over(SERVING, over)).isEqualTo("CertificateExpired");
  }

  @Test
  void aWorkerThatIsReadyForAMinuteEndsIt() {
    Circumstances ready = new Circumstances(true, true, "t", Optional.empty());
    Circumstances broken = new Circumstances(true, false, "t", Optional.empty());
    ending.of(SERVING, ready);
    pass(Duration.ofSeconds(59));
    assertThat(ending.of(SERVING, ready)).isEqualTo(new End.NotYet());
    assertThat(ending.of(SERVING, broken)).isEqualTo(new End.NotYet());
    ending.of(SERVING, ready);
    pass(Duration.ofSeconds(59));
    assertThat(ending.of(SERVING, ready)).as("it counts from anew").isEqualTo(new End.NotYet());
    pass(Duration.ofSeconds(2));
    assertThat(over(SERVING, ready)).isEqualTo("WorkerReady");
  }

  @Test
  void anAgentIsAskedToEndAndThenNotWaitedForLonger() {
    End end = ending.of(SERVING, unwanted());
    assertThat(end).isInstanceOf(End.Asked.class);
    assertThat(((End.Asked) end).left()).isEqualTo(Duration.ofSeconds(20));
    pass(Duration.ofSeconds(19));
    assertThat(ending.of(SERVING, unwanted())).isInstanceOf(End.Asked.class);
    pass(Duration.ofSeconds(1));
    assertThat(over(SERVING, unwanted())).isEqualTo("Withdrawn");
  }

  @Test
  void nobodyIsAskedWhereNobodyIs() {
    assertThat(over(backup("w2", "Unknown", "NodeStatusUnknown"), unwanted()))
        .isEqualTo("Withdrawn");
  }

  @Test
  void whatIsForgottenCountsFromAnew() {
    Steady steady = new Steady(() -> nanos);
    steady.since("a/lease", "x");
    steady.since("b/lease", "x");
    pass(Duration.ofSeconds(5));
    steady.keepOnly(java.util.Set.of("a/"));
    assertThat(steady.since("a/lease", "x")).hasSeconds(5);
    assertThat(steady.since("b/lease", "x")).isZero();
  }
}
