package io.lifeline.ssh.server;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.sshd.common.util.threads.SshThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads for what comes in by connections. The JDK waits for connections on a thread of its
 * own and hands over what it has read; while nobody is on his way in, that thread does the work
 * itself, so that a key pressed wakes one thread and not two. Handshakes, which compute and read
 * files, never hold it up, nor does a client that sends without a pause.
 */
final class DoorExecutor extends SshThreadPoolExecutor {

  private static final Logger LOG = LoggerFactory.getLogger(DoorExecutor.class);
  private static final String OURS = "lifeline-";

  private final BooleanSupplier calm;
  private final ThreadLocal<Boolean> busy = new ThreadLocal<>();

  /**
   * @param calm whether nobody is on his way in
   */
  DoorExecutor(int threads, ThreadFactory named, BooleanSupplier calm) {
    super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named);
    this.calm = calm;
  }

  @Override
  public void execute(Runnable task) {
    // Whoever of ours has written something may hold locks: that it is written is told elsewhere.
    boolean ours = Thread.currentThread().getName().startsWith(OURS);
    if (ours || busy.get() != null || isShutdown() || !calm.getAsBoolean()) {
      super.execute(task);
      return;
    }
    busy.set(true);
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("What came in by an SSH connection could not be dealt with", e);
    } finally {
      busy.remove();
    }
  }
}
