package io.lifeline.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HysteresisTest {

  private final Hysteresis hysteresis =
      new Hysteresis(new MonitorSettings.Hold(Duration.ofSeconds(5), Duration.ofSeconds(3)));

  private Verdict at(long second, Verdict api, Verdict kubelet) {
    return hysteresis
        .judge(
            List.of(new Signal("api", api, "-"), new Signal("kubelet-healthz", kubelet, "-")),
            Duration.ofSeconds(second).toNanos())
        .verdict();
  }

  @Test
  void oneSignalThatLastsMakesTheWorkerNotReady() {
    assertThat(at(0, Verdict.READY, Verdict.READY)).isEqualTo(Verdict.UNKNOWN);
    assertThat(at(5, Verdict.READY, Verdict.READY)).isEqualTo(Verdict.READY);
    assertThat(at(6, Verdict.READY, Verdict.NOT_READY)).isEqualTo(Verdict.READY);
    assertThat(at(9, Verdict.READY, Verdict.NOT_READY)).isEqualTo(Verdict.NOT_READY);
  }

  @Test
  void aKubeletThatFlapsDoesNotOpenAndCloseTheDoor() {
    at(0, Verdict.READY, Verdict.READY);
    at(5, Verdict.READY, Verdict.READY);
    at(6, Verdict.READY, Verdict.NOT_READY);
    assertThat(at(9, Verdict.NOT_READY, Verdict.NOT_READY)).isEqualTo(Verdict.NOT_READY);
    for (long second = 10; second < 100; second += 4) {
      assertThat(at(second, Verdict.READY, Verdict.READY)).isEqualTo(Verdict.NOT_READY);
      assertThat(at(second + 3, Verdict.READY, Verdict.NOT_READY)).isEqualTo(Verdict.NOT_READY);
    }
  }

  @Test
  void anUnreachableApiServerChangesNothingByItself() {
    at(0, Verdict.READY, Verdict.READY);
    assertThat(at(5, Verdict.READY, Verdict.READY)).isEqualTo(Verdict.READY);
    assertThat(at(500, Verdict.UNKNOWN, Verdict.READY)).isEqualTo(Verdict.READY);
    assertThat(at(501, Verdict.NOT_READY, Verdict.READY)).isEqualTo(Verdict.READY);
    assertThat(at(504, Verdict.NOT_READY, Verdict.READY)).isEqualTo(Verdict.NOT_READY);
    assertThat(at(600, Verdict.UNKNOWN, Verdict.READY))
        .as("an API server that is away does not mend a node")
        .isEqualTo(Verdict.NOT_READY);
  }
}
