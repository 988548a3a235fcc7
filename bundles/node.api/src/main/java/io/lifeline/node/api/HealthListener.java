package io.lifeline.node.api;

/** Is told of each change of the worker's verdict, after hysteresis. A whiteboard service. */
@FunctionalInterface
public interface HealthListener {

  /** Must not block. Called with the current health when the listener is new. */
  void health(WorkerHealth health);
}
