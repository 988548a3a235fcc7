package io.lifeline.node.rescue;

import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.HealthListener;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.PendingCertificate;
import io.lifeline.node.api.Rescue;
import io.lifeline.node.api.RescueCredentials;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueEvent;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescuePhase;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.RescueStepException;
import io.lifeline.node.api.WorkerHealth;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of the rescue: takes events from a queue, applies {@link RescuePhase#next}, and
 * does what the phase asks for. All steps run on the thread that calls {@link #run}; everything
 * else only puts events into the queue.
 */
final class RescueOwner implements Rescue, HealthListener, RescueSignals, Runnable {

  /** What happened, with the sentence that tells it. */
  private record Happening(RescueEvent event, String sentence, Optional<RescueEnd> end) {}

  private static final Duration IDLE = Duration.ofSeconds(30);

  private final RescueSettings settings;
  private final Participants participants;
  private final CpuShare cpu;
  private final Story story;
  private final Backoff backoff;
  private final LinkedBlockingQueue<Happening> events = new LinkedBlockingQueue<>();
  private final AtomicInteger unsettled = new AtomicInteger();

  private volatile @Nullable RescueCredentials credentials;
  private volatile RescuePhase phase = RescuePhase.WATCHING;
  private volatile String sentence = RescuePhase.WATCHING.sentence();
  private volatile WorkerHealth.Verdict verdict = WorkerHealth.Verdict.UNKNOWN;

  private @Nullable PendingCertificate pending;
  private @Nullable NodeCredential credential;
  private RescueEnd end = new RescueEnd(RescueEnd.Reason.STOPPED, "the agent stops");
  private volatile boolean resumeTried;
  private @Nullable Happening askedMeanwhile;
  private long dueNanos = System.nanoTime();

  RescueOwner(
      RescueSettings settings,
      Participants participants,
      CpuShare cpu,
      Clock clock,
      RandomGenerator random) {
    this.settings = settings;
    this.participants = participants;
    this.cpu = cpu;
    this.story = new Story(clock);
    this.backoff = new Backoff(settings, random);
  }

  void credentials(RescueCredentials bound) {
    credentials = bound;
  }

  /** Another may have taken their place already. */
  void credentialsGone(RescueCredentials gone) {
    if (credentials == gone) {
      credentials = null;
    }
  }

  @Override
  public RescuePhase phase() {
    return phase;
  }

  @Override
  public String sentence() {
    return sentence;
  }

  @Override
  public boolean settled() {
    // In this order: an event that is being applied counts until it was.
    if (unsettled.get() > 0) {
      return false;
    }
    return switch (phase) {
      case WATCHING -> resumeTried || credentials == null;
      case SEEKING, AWAITING_APPROVAL -> true;
      case SERVING -> !participants.anybodyWaits();
      case REGISTERING, ENDING -> false;
    };
  }

  @Override
  public List<Step> history() {
    return story.steps();
  }

  @Override
  public void health(WorkerHealth health) {
    verdict = health.verdict();
    switch (health.verdict()) {
      case READY -> workerReady(health.reason());
      case NOT_READY ->
          happen(RescueEvent.WORKER_NOT_READY, "the worker is not Ready: " + health.reason());
      case UNKNOWN -> {}
    }
  }

  @Override
  public void withdrawn(String why) {
    stop(RescueEnd.Reason.WITHDRAWN, why);
  }

  @Override
  public void stop(String why) {
    stop(RescueEnd.Reason.STOPPED, why);
  }

  private void stop(RescueEnd.Reason reason, String why) {
    happen(RescueEvent.STOP, new RescueEnd(reason, why));
  }

  @Override
  public void lost(RescueParticipant participant, String what) {
    participants.lost(participant);
    happen(RescueEvent.LOST, what);
  }

  /** A participant came in the middle: begin it. */
  void participantCame() {
    if (phase == RescuePhase.SERVING) {
      happen(RescueEvent.LOST, "a bundle was replaced and begins again");
    }
  }

  private void workerReady(String reason) {
    happen(
        RescueEvent.WORKER_READY,
        new RescueEnd(RescueEnd.Reason.WORKER_READY, "the worker is Ready again: " + reason));
  }

  private void happen(RescueEvent event, String what) {
    add(new Happening(event, what, Optional.empty()));
  }

  private void happen(RescueEvent event, RescueEnd why) {
    add(new Happening(event, why.detail(), Optional.of(why)));
  }

  private void add(Happening happening) {
    unsettled.incrementAndGet();
    events.add(happening);
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Happening next = events.poll(waitNanos(), TimeUnit.NANOSECONDS);
        if (next != null) {
          try {
            apply(next);
          } finally {
            unsettled.decrementAndGet();
          }
        } else {
          step();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A credential of an earlier life is still good: the backup Node and its container may be there.
   */
  private boolean resumed(RescueCredentials bound) {
    Optional<NodeCredential> kept = bound.kept();
    kept.ifPresent(
        good -> {
          credential = good;
          happen(RescueEvent.ISSUED, "found the credential of an earlier life");
        });
    if (kept.isEmpty()) {
      cpu.follow(phase);
    }
    resumeTried = true;
    return kept.isPresent();
  }

  private long waitNanos() {
    return Math.max(0, dueNanos - System.nanoTime());
  }

  private void apply(Happening happening) {
    Optional<RescuePhase> next;
    try {
      next = phase.next(happening.event());
    } catch (IllegalStateException e) {
      story.tell(phase, "ignored: " + e.getMessage());
      return;
    }
    if (next.isEmpty()) {
      if (phase == RescuePhase.ENDING && happening.event() == RescueEvent.STOP) {
        askedMeanwhile = happening;
      }
      if (phase == RescuePhase.SEEKING && happening.event() == RescueEvent.WORKER_NOT_READY) {
        backoff.reset();
        dueNanos = System.nanoTime();
      }
      return;
    }
    end = happening.end().orElse(end);
    phase = next.get();
    Happening asked = askedMeanwhile;
    askedMeanwhile = null;
    if (asked != null && happening.event() == RescueEvent.CALLED_OFF) {
      add(asked);
    }
    cpu.follow(phase);
    say(happening.sentence());
    backoff.reset();
    dueNanos = System.nanoTime();
    // A worker that is still not Ready begins its next rescue soon, and a denied request is not
    // repeated in the same breath.
    boolean again = phase == RescuePhase.WATCHING && verdict == WorkerHealth.Verdict.NOT_READY;
    if (again || happening.event() == RescueEvent.DENIED) {
      later(settings.againAfter());
    } else if (phase == RescuePhase.AWAITING_APPROVAL) {
      Thread rehearsal = new Thread(participants::rehearse, "lifeline-rehearsal");
      rehearsal.setDaemon(true);
      rehearsal.start();
    }
  }

  private void step() throws InterruptedException {
    try {
      switch (phase) {
        case WATCHING -> watch();
        case SEEKING -> seek();
        case AWAITING_APPROVAL -> awaitApproval();
        case REGISTERING -> register();
        case SERVING -> serve();
        case ENDING -> finish();
      }
    } catch (CredentialException | RescueStepException e) {
      retry(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      retry("%s failed unexpectedly: %s".formatted(phase.sentence(), e));
    }
  }

  private void retry(String what) {
    say(what);
    later(backoff.next());
  }

  private void watch() {
    RescueCredentials bound = credentials;
    later(bound == null ? settings.retryFirst() : IDLE);
    if (bound != null && !resumeTried && resumed(bound)) {
      return;
    }
    if (verdict == WorkerHealth.Verdict.NOT_READY) {
      happen(RescueEvent.WORKER_NOT_READY, "the worker is still not Ready");
    }
  }

  private void seek() throws CredentialException, InterruptedException {
    PendingCertificate request = credentials().request();
    pending = request;
    happen(
        RescueEvent.REQUESTED,
        "requested a certificate; to approve it: kubectl certificate approve " + request.name());
    later(IDLE);
  }

  private void awaitApproval() throws InterruptedException, CredentialException {
    try {
      Optional<NodeCredential> issued = credentials().issued(Objects.requireNonNull(pending));
      if (issued.isPresent()) {
        credential = issued.get();
        happen(
            RescueEvent.ISSUED,
            "the certificate was issued, good for " + words(issued.get().left()));
      }
      later(settings.approvalPoll());
    } catch (CredentialException e) {
      if (e.kind() != CredentialException.Kind.DENIED) {
        throw e;
      }
      credentials().forget();
      happen(RescueEvent.DENIED, e.getMessage());
      later(settings.againAfter());
    }
  }

  private void register() throws RescueStepException, InterruptedException {
    NodeCredential good = Objects.requireNonNull(credential);
    if (isOver(good)) {
      return;
    }
    participants.begin(good, this);
    happen(
        RescueEvent.BEGUN, "the backup node is up; its certificate ends in " + words(good.left()));
    later(IDLE);
  }

  private void serve() {
    NodeCredential good = Objects.requireNonNull(credential);
    if (isOver(good)) {
      return;
    }
    if (participants.anybodyWaits()) {
      happen(RescueEvent.LOST, "a bundle was replaced and begins again");
    }
    Duration left = good.left();
    later(left.compareTo(IDLE) < 0 ? left : IDLE);
  }

  /** Whether the end has come while nobody asked: by the clock, or by a verdict heard before. */
  private boolean isOver(NodeCredential good) {
    if (verdict == WorkerHealth.Verdict.READY) {
      workerReady("seen before the backup node was up");
      later(IDLE);
      return true;
    }
    if (good.left().isNegative() || good.left().isZero()) {
      happen(
          RescueEvent.EXPIRED,
          new RescueEnd(
              RescueEnd.Reason.CERTIFICATE_EXPIRED,
              "the debug certificate has ended; approve a new one to go on, see kubectl get nd"));
      later(IDLE);
      return true;
    }
    return false;
  }

  /** People have a moment before the end; a worker that breaks again in it is rescued on. */
  private void finish() {
    if (end.reason() == RescueEnd.Reason.WORKER_READY
        && !participants.farewell(end, () -> verdict == WorkerHealth.Verdict.NOT_READY)) {
      happen(RescueEvent.CALLED_OFF, "the worker is not Ready again: the rescue goes on");
      later(IDLE);
      return;
    }
    participants.end(end);
    RescueCredentials bound = credentials;
    if (bound != null) {
      bound.forget();
    }
    credential = null;
    pending = null;
    happen(RescueEvent.ENDED, "the rescue ended: " + end.detail());
    later(IDLE);
  }

  private RescueCredentials credentials() throws CredentialException {
    RescueCredentials bound = credentials;
    if (bound == null) {
      throw new CredentialException(
          CredentialException.Kind.UNREACHABLE,
          "the bundle io.lifeline.node.credential is not there: feature:install"
              + " lifeline-node-credential");
    }
    return bound;
  }

  private void say(String what) {
    sentence = what;
    story.tell(phase, what);
  }

  private void later(Duration wait) {
    dueNanos = System.nanoTime() + wait.toNanos();
  }

  private static String words(Duration left) {
    return left.toHours() > 0
        ? "%d h %d min".formatted(left.toHours(), left.toMinutesPart())
        : "%d min %d s".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
