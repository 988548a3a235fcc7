package io.lifeline.kubernetes.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for answers and watch events: made when needed, gone after ten idle seconds. */
final class Threads {

  private Threads() {}

  /** Without a limit: a task that waits for another must never keep it from running. */
  static ExecutorService pool() {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "lifeline-kubernetes-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
