package io.lifeline.node.backup;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one backup Node alive from begin to end, on a thread of its own: renews the Lease, tells
 * how many sessions there are, and sees when the Node is withdrawn or deleted.
 */
final class BackupKeeper implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(BackupKeeper.class);
  private static final long LOOK_MILLIS = 1_000;

  private final RescueParticipant participant;
  private final RescueSignals signals;
  private final BackupSettings settings;
  private final BackupNode node;
  private final KubernetesClient client;
  private final String name;
  private final Supplier<String> sessions;
  private final Thread thread = new Thread(this, "lifeline-lease");
  private volatile boolean watching;
  private volatile boolean unheard;
  private @Nullable Watch watch;
  private String told = "";

  BackupKeeper(
      RescueParticipant participant,
      RescueSignals signals,
      BackupSettings settings,
      BackupNode node,
      KubernetesClient client,
      String name,
      Supplier<String> sessions) {
    this.participant = participant;
    this.signals = signals;
    this.settings = settings;
    this.node = node;
    this.client = client;
    this.name = name;
    this.sessions = sessions;
    thread.setDaemon(true);
  }

  void begin(Instant certificateEnds, Optional<String> sshHostKey) {
    told = sessions.get();
    node.register(told, certificateEnds, sshHostKey);
    thread.start();
  }

  /** The last word is the Ready condition that the operator deregisters by. */
  void end(RescueEnd end) {
    try {
      stop();
      node.ended(end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KubernetesClientException e) {
      LOG.warn(
          "the end of {} could not be told ({}): the operator deregisters it by its Lease",
          name,
          e.getMessage());
    } finally {
      client.close();
    }
  }

  /** Stops without a word, to be begun again. */
  void replace() {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      client.close();
    }
  }

  private void stop() throws InterruptedException {
    thread.interrupt();
    thread.join(3_000);
    closeWatch();
  }

  @Override
  public void run() {
    long renewed = System.nanoTime();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          if (System.nanoTime() - renewed >= settings.leaseRenew().toNanos()) {
            renewed = System.nanoTime();
            node.renewLease();
          }
          tellAgain();
          tellSessions();
          if (!watching) {
            openWatch();
          }
        } catch (RuntimeException e) {
          // Whatever the client throws: a Lease that nobody renews ends the rescue.
          unheard = true;
          LOG.warn("the backup node {} cannot be kept alive just now: {}", name, e.getMessage());
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Who was not heard of for a while is made Unknown by the control plane, and is Ready again only
   * when it says so itself, whatever its Lease says. Said after each failure too: the watch is
   * silent for a while when the network has been.
   */
  private void tellAgain() {
    if (unheard) {
      node.serve(told);
      unheard = false;
      LOG.info("the backup node {} says again that it is Ready", name);
    }
  }

  private void tellSessions() {
    String now = sessions.get();
    if (!now.equals(told)) {
      node.sessions(now);
      told = now;
    }
  }

  private void openWatch() {
    closeWatch();
    Node seen = node.seen();
    if (seen == null) {
      signals.lost(participant, "the Node " + name + " was deleted by somebody: created again");
      return;
    }
    look(seen);
    // Before it is open, for it may be closed again before this is told.
    watching = true;
    try {
      watch = client.nodes().withName(name).watch(new Events());
    } catch (RuntimeException e) {
      watching = false;
      throw e;
    }
  }

  private void closeWatch() {
    Watch old = watch;
    watch = null;
    watching = false;
    if (old != null) {
      old.close();
    }
  }

  private void look(Node seen) {
    if ("true".equals(seen.getMetadata().getAnnotations().get(NodeText.WITHDRAW))) {
      signals.withdrawn("the NodeDebug was deleted: this rescue is withdrawn");
    }
    unheard = !NodeText.isReady(seen);
  }

  private final class Events implements Watcher<Node> {

    @Override
    public void eventReceived(Action action, Node seen) {
      switch (action) {
        case ADDED, MODIFIED -> look(seen);
        case DELETED -> {
          if (!thread.isInterrupted() && thread.isAlive()) {
            signals.lost(
                participant, "the Node " + name + " was deleted by somebody: created again");
          }
        }
        case ERROR, BOOKMARK -> {}
      }
    }

    @Override
    public boolean reconnecting() {
      return true;
    }

    @Override
    public void onClose(WatcherException cause) {
      watching = false;
    }
  }
}
