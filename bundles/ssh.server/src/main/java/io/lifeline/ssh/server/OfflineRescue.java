package io.lifeline.ssh.server;

import io.lifeline.node.api.ApiServer;
import io.lifeline.node.api.ApiServer.Reach;
import io.lifeline.node.api.WorkerHealth.Verdict;
import io.lifeline.node.api.WorkerMonitor;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionRefusedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the door by itself while the API server is out of the worker's reach (fault F18), for
 * certificates alone, and shuts it when the API server answers again and the worker is Ready.
 *
 * <p>The thread of {@link #run} opens and shuts. A rescue that begins or ends meanwhile says so by
 * {@link #begin} and {@link #end}: while it serves, the door and the sessions' end are its own.
 */
final class OfflineRescue implements Runnable {

  /** The door, as far as it is opened and shut here. */
  interface Door {
    void open() throws IOException, GeneralSecurityException;

    void close();
  }

  /** What the world says. */
  record Sources(Seam<ApiServer> api, Seam<WorkerMonitor> monitor, Seam<SessionEngine> sessions) {}

  private static final Logger LOG = LoggerFactory.getLogger(OfflineRescue.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final SshSettings.Offline settings;
  private final String worker;
  private final Sources sources;
  private final OfflineContainer container;
  private final Door door;
  private final CutOff cut;
  private volatile boolean serving;
  private volatile boolean open;
  private volatile boolean cutOff;
  private volatile long silentSince;
  private long endNanos;
  private boolean servedMeanwhile;
  private boolean swept;

  OfflineRescue(
      SshSettings.Offline settings,
      String worker,
      Sources sources,
      OfflineContainer container,
      Door door) {
    this.settings = settings;
    this.worker = worker;
    this.sources = sources;
    this.container = container;
    this.door = door;
    this.cut = new CutOff(settings.after());
  }

  /** A rescue serves from now on, that is, with an approval. Any thread. */
  synchronized void begin() throws IOException, GeneralSecurityException {
    serving = true;
    door.open();
  }

  /** It serves no more; what is open without it stays so. Any thread. */
  synchronized void end() {
    serving = false;
    if (!open) {
      door.close();
    }
  }

  /** Whether the door must stay open although no rescue serves, for certificates alone. */
  boolean isOpen() {
    return open;
  }

  boolean certificatesOnly() {
    return open && !serving;
  }

  /** Whether a session may be opened without a pod now. */
  boolean admits(Person person) {
    return open && cutOff && person.certified();
  }

  DebugContainer container() throws SessionRefusedException, ContainerException {
    return container.running();
  }

  /** For the screen of who comes in now. */
  String why() {
    return """
    lifeline: the API server has not answered %s for %s, so nobody in the cluster could be asked:
    lifeline: your certificate alone opens this shell (offline = true), in a container that the
    lifeline: agent makes by itself, without a pod. It ends when the API server answers again and
    lifeline: %s is Ready, and in %s at the latest.
    """
        .formatted(
            worker,
            words(Duration.ofNanos(System.nanoTime() - silentSince)),
            worker,
            words(settings.life()));
  }

  private static String words(Duration time) {
    return time.toMinutes() < 2 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }

  @Override
  public void run() {
    Duration pause =
        settings.after().dividedBy(4).compareTo(LONGEST_PAUSE) < 0
            ? settings.after().dividedBy(4)
            : LONGEST_PAUSE;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          look(sources.api().get().map(ApiServer::ask).orElse(Reach.UNKNOWN), System.nanoTime());
        } catch (RuntimeException e) {
          LOG.error("Whether the API server can be reached cannot be looked after just now", e);
        }
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @param now on the monotonic clock
   */
  void look(Reach reach, long now) {
    cut.heard(reach, now);
    cutOff = cut.isCutOff(now);
    if (cutOff) {
      silentSince = now - cut.silence(now).toNanos();
    }
    servedMeanwhile |= serving;
    if (!open && cutOff) {
      open(now);
    } else if (!open && cut.isBack() && !swept && !serving) {
      // What a life of this agent left that was ended in the middle.
      swept = container.delete();
    } else if (open && !serving) {
      openStill(now);
    }
  }

  private void openStill(long now) {
    if (servedMeanwhile) {
      shut("The rescue has ended that began meanwhile");
    } else if (cut.isBack() && verdict() == Verdict.READY) {
      sources
          .sessions()
          .get()
          .ifPresent(
              engine ->
                  engine.endAllGently(
                      "the API server answers again and %s is Ready".formatted(worker),
                      LAST_WORDS));
      shut("The API server answers again and the worker is Ready");
    } else if (now - endNanos >= 0) {
      sources
          .sessions()
          .get()
          .ifPresent(
              engine ->
                  engine.endAll(
                      "this shell without the API server ends, its %s are over: come again with your certificate"
                          .formatted(words(settings.life())),
                      LAST_WORDS));
      shut("The time of %s is over".formatted(words(settings.life())));
    }
  }

  private synchronized void open(long now) {
    try {
      if (!serving) {
        door.open();
        admit(now);
      }
      endNanos = now + settings.life().toNanos();
      servedMeanwhile = serving;
      open = true;
      LOG.warn(
          "The API server has not answered for {}: by offline = true of etc/{}.cfg whoever has a"
              + " certificate of a trusted authority gets a shell by SSH now, in a container"
              + " without a pod",
          words(cut.silence(now)),
          SshSettings.PID);
    } catch (IOException | GeneralSecurityException e) {
      LOG.warn("The SSH front end cannot be opened: {}; it is tried again", e.getMessage());
    }
  }

  private void admit(long now) {
    sources
        .sessions()
        .get()
        .ifPresent(
            engine -> {
              engine.admit();
              engine.endsAt(
                  now + settings.life().toNanos(),
                  "this shell on %s without the API server".formatted(worker));
            });
  }

  private void shut(String why) {
    synchronized (this) {
      // First this: who comes in while the container goes is refused.
      open = false;
      if (!serving) {
        door.close();
      }
    }
    swept = container.delete();
    LOG.warn("{}: there is no shell without the API server any more", why);
  }

  private Verdict verdict() {
    return sources.monitor().get().map(seen -> seen.health().verdict()).orElse(Verdict.UNKNOWN);
  }
}
