package io.lifeline.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MonitorLoopTest {

  private final BlockingQueue<WorkerHealth> told = new LinkedBlockingQueue<>();
  private volatile Verdict api = Verdict.READY;
  private final MonitorLoop loop =
      new MonitorLoop(
          Duration.ofMillis(5),
          new Hysteresis(new MonitorSettings.Hold(Duration.ZERO, Duration.ZERO)),
          () -> new Signal("api", api, "-"),
          () -> List.of(new Signal("kubelet-healthz", Verdict.NOT_READY, "-")));
  private final Thread thread = new Thread(loop);

  @AfterEach
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  private Verdict next() throws InterruptedException {
    WorkerHealth health = told.poll(5, TimeUnit.SECONDS);
    assertThat(health).as("a listener is told").isNotNull();
    return health.verdict();
  }

  @Test
  void whoListensHearsAgainWhenTheControlPlaneSeesItToo() throws Exception {
    loop.add(told::add);
    assertThat(next()).isEqualTo(Verdict.UNKNOWN);
    thread.start();
    assertThat(next()).as("the machine sees it").isEqualTo(Verdict.NOT_READY);
    api = Verdict.NOT_READY;
    assertThat(next()).as("the control plane sees it").isEqualTo(Verdict.NOT_READY);
    assertThat(told.poll(100, TimeUnit.MILLISECONDS)).as("nothing new").isNull();
  }
}
