package io.lifeline.node.monitor;

import io.lifeline.node.api.HealthListener;
import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks, judges and tells, on the thread that calls {@link #run}. */
final class MonitorLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(MonitorLoop.class);

  private final Duration period;
  private final Hysteresis hysteresis;
  private final Supplier<Signal> api;
  private final Supplier<List<Signal>> machine;
  private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
  private final Semaphore wake = new Semaphore(0);

  private volatile WorkerHealth health =
      new WorkerHealth(Verdict.UNKNOWN, "not asked yet", List.of());

  MonitorLoop(
      Duration period,
      Hysteresis hysteresis,
      Supplier<Signal> api,
      Supplier<List<Signal>> machine) {
    this.period = period;
    this.hysteresis = hysteresis;
    this.api = api;
    this.machine = machine;
  }

  WorkerHealth health() {
    return health;
  }

  void add(HealthListener listener) {
    listeners.add(listener);
    listener.health(health);
  }

  void remove(HealthListener listener) {
    listeners.remove(listener);
  }

  /** Judge again now. Any thread. */
  void wake() {
    wake.release();
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look();
        if (wake.tryAcquire(period.toNanos(), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    List<Signal> signals = new ArrayList<>();
    try {
      signals.add(api.get());
      signals.addAll(machine.get());
    } catch (RuntimeException e) {
      LOG.error("the worker's health cannot be asked; trying again", e);
    }
    WorkerHealth before = health;
    WorkerHealth now = hysteresis.judge(signals, System.nanoTime());
    health = now;
    if (now.verdict() != before.verdict()) {
      LOG.info("the worker is {}: {}", now.verdict(), now.reason());
      listeners.forEach(listener -> listener.health(now));
    } else if (now.verdict() == Verdict.NOT_READY && !verdicts(now).equals(verdicts(before))) {
      // The control plane sees later than the machine itself, and the proxy believes it alone.
      listeners.forEach(listener -> listener.health(now));
    }
  }

  private static List<Verdict> verdicts(WorkerHealth health) {
    return health.signals().stream().map(Signal::verdict).toList();
  }
}
