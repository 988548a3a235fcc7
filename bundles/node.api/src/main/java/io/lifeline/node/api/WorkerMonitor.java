package io.lifeline.node.api;

/** Watches the worker all the time. Any thread. */
public interface WorkerMonitor {

  WorkerHealth health();
}
