package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the desk on a thread of its own: a watch on the backup node's pods, and a fresh list
 * whenever the watch had to be opened anew.
 */
final class PodWatch implements Runnable, Watcher<Pod> {

  private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);
  private static final long LOOK_SECONDS = 10;

  private final KubernetesClient client;
  private final String nodeName;
  private final PodCluster cluster;
  private final PodDesk desk;
  private final Semaphore wake;
  private final Map<String, Pod> known = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this, "lifeline-pods");
  private volatile boolean open;
  private @Nullable Watch watch;

  PodWatch(
      KubernetesClient client, String nodeName, PodCluster cluster, PodDesk desk, Semaphore wake) {
    this.client = client;
    this.nodeName = nodeName;
    this.cluster = cluster;
    this.desk = desk;
    this.wake = wake;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void stop() {
    thread.interrupt();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeWatch();
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          if (!open) {
            reopen();
          }
          desk.look(List.copyOf(known.values()));
        } catch (KubernetesClientException e) {
          LOG.warn("the pods of {} cannot be seen just now: {}", nodeName, e.getMessage());
        } catch (RuntimeException e) {
          LOG.error("a look at the pods of {} failed; trying again", nodeName, e);
        }
        if (wake.tryAcquire(open ? LOOK_SECONDS : 1, TimeUnit.SECONDS)) {
          wake.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reopen() {
    closeWatch();
    known.clear();
    cluster.list().forEach(pod -> known.put(pod.getMetadata().getUid(), pod));
    // Before it is, for it may be closed again before this is told.
    open = true;
    try {
      watch = client.pods().inAnyNamespace().withField("spec.nodeName", nodeName).watch(this);
    } catch (RuntimeException e) {
      open = false;
      throw e;
    }
  }

  private void closeWatch() {
    Watch old = watch;
    watch = null;
    open = false;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    switch (action) {
      case ADDED, MODIFIED -> known.put(pod.getMetadata().getUid(), pod);
      case DELETED -> known.remove(pod.getMetadata().getUid());
      case ERROR, BOOKMARK -> {}
    }
    wake.release();
  }

  @Override
  public boolean reconnecting() {
    return true;
  }

  @Override
  public void onClose(WatcherException cause) {
    open = false;
    wake.release();
  }
}
