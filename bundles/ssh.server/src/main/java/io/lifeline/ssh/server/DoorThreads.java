package io.lifeline.ssh.server;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.sshd.common.util.threads.CloseableExecutorService;

/**
 * The threads of an open door: two that read and write, two that open sessions, one that keeps time
 * and wakes the input of those that are open. They exist from the opening, because a worker in
 * trouble may not be able to make new ones.
 */
record DoorThreads(
    CloseableExecutorService io, ThreadPoolExecutor sessions, ScheduledThreadPoolExecutor timer) {

  private static final int EACH = 2;
  private static final int QUEUE = 256;

  /**
   * @param calm whether nobody is on his way in
   */
  static DoorThreads start(BooleanSupplier calm) {
    DoorExecutor io = new DoorExecutor(EACH, named("lifeline-ssh-io"), calm);
    ThreadPoolExecutor sessions =
        new ThreadPoolExecutor(
            EACH,
            EACH,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            named("lifeline-ssh"));
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, named("lifeline-ssh-timer"));
    timer.setRemoveOnCancelPolicy(true);
    sessions.prestartAllCoreThreads();
    timer.prestartAllCoreThreads();
    return new DoorThreads(io, sessions, timer);
  }

  void stop() {
    sessions.shutdownNow();
    timer.shutdownNow();
    io.shutdownNow();
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
