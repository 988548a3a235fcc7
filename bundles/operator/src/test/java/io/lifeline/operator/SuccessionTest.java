package io.lifeline.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.crd.NodeDebug;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuccessionTest {

  private static final Duration QUICK = Succession.SLOW.minusMillis(1);

  private final List<NodeDebug> nodeDebugs = new ArrayList<>();
  private Set<String> operators = Set.of("w1", "w2");
  private int made;
  private int askedFor;
  private int given;
  private final Succession succession = on(Optional.of("w2"));

  private Succession on(Optional<String> node) {
    return new Succession(
        node,
        new Succession.Cluster() {
          @Override
          public List<NodeDebug> nodeDebugs() {
            askedFor++;
            return nodeDebugs;
          }

          @Override
          public Set<String> operatorNodes() {
            return operators;
          }
        },
        () -> given++);
  }

  private void rescued(String worker) {
    NodeDebug nd = Objects.nodeDebug("of-" + worker, worker);
    nd.getMetadata().setUid(worker + "-" + made++);
    nodeDebugs.add(nd);
  }

  @Test
  void aSlowLeaderOnTheRescuedWorkerGivesUpOnceForANodeDebug() {
    rescued("w2");
    succession.passed(Succession.SLOW);
    succession.passed(Succession.SLOW);
    assertThat(given).isEqualTo(1);
    nodeDebugs.clear();
    rescued("w2");
    succession.passed(Succession.SLOW);
    assertThat(given).as("another NodeDebug of the same worker").isEqualTo(2);
  }

  @Test
  void aLeaderThatIsQuickEnoughGoesOnAndAsksNobody() {
    rescued("w2");
    succession.passed(QUICK);
    on(Optional.empty()).passed(Duration.ofMinutes(1));
    assertThat(given).isZero();
    assertThat(askedFor).isZero();
  }

  @Test
  void aSlowLeaderElsewhereGoesOn() {
    rescued("w1");
    succession.passed(Succession.SLOW);
    assertThat(given).isZero();
  }

  @Test
  void whoIsAloneGoesOnUntilThereIsAnother() {
    rescued("w2");
    operators = Set.of("w2");
    succession.passed(Succession.SLOW);
    assertThat(given).isZero();
    operators = Set.of("w1", "w2");
    succession.passed(Succession.SLOW);
    assertThat(given).isEqualTo(1);
  }

  @Test
  void whoIsNoBetterOffIsNotAsked() {
    rescued("w2");
    rescued("w1");
    succession.passed(Succession.SLOW);
    assertThat(given).as("that one would give it back").isZero();
  }
}
