package io.lifeline.node.rollout;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what is asked of this agent, does it, and answers by annotations. Its thread is there only
 * while there is something to do. A release that failed is not tried again until somebody takes the
 * failure's annotation away or asks for another.
 */
final class Rollout {

  private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);
  private static final Duration HANDOVER = Duration.ofMinutes(10);
  private static final int MOST_MESSAGE = 1_000;

  /** Answers by annotations of the worker's Node. */
  @FunctionalInterface
  interface Answer {
    void annotate(Map<String, Optional<String>> annotations) throws IOException;
  }

  /** One upgrade. */
  @FunctionalInterface
  interface Doing {
    void run(Wish wish) throws RefusedException, InterruptedException;
  }

  private final Doing upgrade;
  private final String own;
  private final Supplier<String> running;
  private final Answer answer;
  private final Handover handover;
  private final Duration pause;

  private Optional<Map<String, String>> known = Optional.empty();
  private boolean workerBroken;
  private boolean begun;
  private boolean stopped;
  private Optional<Wish> tried = Optional.empty();
  private Optional<String> failure = Optional.empty();
  private Optional<String> told = Optional.empty();
  private Optional<Thread> thread = Optional.empty();

  /**
   * @param own the version of this bundle, and so of all while none was asked for
   * @param running the version that runs
   * @param pause before an answer that failed is tried again
   */
  Rollout(
      Doing upgrade,
      String own,
      Supplier<String> running,
      Answer answer,
      Handover handover,
      Duration pause) {
    this.upgrade = upgrade;
    this.own = own;
    this.running = running;
    this.answer = answer;
    this.handover = handover;
    this.pause = pause;
  }

  /** The Node's annotations. Does not block. */
  synchronized void annotations(Map<String, String> annotations) {
    if (known.filter(before -> before.containsKey(Wish.FAILED)).isPresent()
        && !annotations.containsKey(Wish.FAILED)) {
      tried = Optional.empty();
    }
    known = Optional.of(annotations);
    told = Optional.empty();
    kick();
  }

  /** Nothing is begun while the worker is broken: a rescue comes first. Does not block. */
  synchronized void workerBroken(boolean broken) {
    workerBroken = broken;
    kick();
  }

  private void kick() {
    if (!stopped && thread.isEmpty() && (!begun || next().isPresent())) {
      Thread fresh = new Thread(this::run, "lifeline-rollout");
      fresh.setDaemon(true);
      thread = Optional.of(fresh);
      fresh.start();
    }
  }

  /** One thing to do. */
  private sealed interface Step {
    record Tell(Map<String, Optional<String>> annotations, String what) implements Step {}

    record Try(Wish wish) implements Step {}
  }

  private Optional<Step> next() {
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> now = known.get();
    // What replaces bundles is asked only when it is wanted: it loads its classes then.
    String version = Wish.of(now).isPresent() ? running.get() : own;
    if (failure.isPresent()) {
      return Optional.of(
          new Step.Tell(
              Map.of(Wish.RUNNING, Optional.of(version), Wish.FAILED, failure), failure.get()));
    }
    if (!version.equals(now.get(Wish.RUNNING)) && !told.equals(Optional.of(version))) {
      return Optional.of(
          new Step.Tell(
              Map.of(Wish.RUNNING, Optional.of(version), Wish.FAILED, kept(now, version)),
              version));
    }
    return Wish.of(now)
        .filter(wish -> !wish.version().equals(version))
        .filter(wish -> !now.containsKey(Wish.FAILED) && !tried.equals(Optional.of(wish)))
        .filter(wish -> !workerBroken)
        .map(Step.Try::new);
  }

  /** A failure stays until what was asked for runs. */
  private static Optional<String> kept(Map<String, String> now, String version) {
    return version.equals(now.get(Wish.VERSION))
        ? Optional.empty()
        : Optional.ofNullable(now.get(Wish.FAILED));
  }

  private void run() {
    try {
      awaitTheInstanceBefore();
      Optional<Step> step = take();
      while (step.isPresent()) {
        if (step.get() instanceof Step.Tell tell) {
          tell(tell);
        } else if (step.get() instanceof Step.Try attempt) {
          attempt(attempt.wish());
        }
        step = take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitTheInstanceBefore() throws InterruptedException {
    long end = System.nanoTime() + HANDOVER.toNanos();
    while (handover.busy() && System.nanoTime() - end < 0) {
      Thread.sleep(pause.toMillis());
    }
    synchronized (this) {
      if (!begun) {
        begun = true;
        failure = handover.left();
        if (handover.wasCut() && failure.isEmpty()) {
          failure =
              Optional.of(
                  "the agent's process ended in the middle of it, and began again with what its"
                      + " image holds");
        }
      }
    }
  }

  private synchronized Optional<Step> take() {
    Optional<Step> step = stopped ? Optional.empty() : next();
    if (step.isEmpty()) {
      thread = Optional.empty();
    }
    return step;
  }

  private void tell(Step.Tell tell) throws InterruptedException {
    try {
      answer.annotate(tell.annotations());
      synchronized (this) {
        told = tell.annotations().getOrDefault(Wish.RUNNING, Optional.empty());
        if (failure.equals(Optional.of(tell.what()))) {
          failure = Optional.empty();
          tried = known.flatMap(Wish::of);
        }
      }
    } catch (IOException | IllegalStateException e) {
      LOG.warn(
          "the operator cannot be told about {}, and will be: {}", tell.what(), e.getMessage());
      Thread.sleep(pause.toMillis());
    }
  }

  private void attempt(Wish wish) throws InterruptedException {
    String why = "";
    try {
      upgrade.run(wish);
    } catch (RefusedException e) {
      why = String.valueOf(e.getMessage());
    }
    finished(wish, why.length() > MOST_MESSAGE ? why.substring(0, MOST_MESSAGE) : why);
  }

  private synchronized void finished(Wish wish, String why) {
    tried = Optional.of(wish);
    if (why.isEmpty()) {
      return;
    }
    LOG.error("the upgrade to {} was refused or undone: {}", wish.version(), why);
    // An instance that was replaced has left word of it; one that was not tells it itself.
    if (!stopped) {
      handover.left();
      failure = Optional.of(why);
    }
  }

  /**
   * Ends. An upgrade that runs is not: it is what replaces this bundle, perhaps on the very thread
   * that calls this.
   */
  void stop() {
    Optional<Thread> working;
    synchronized (this) {
      stopped = true;
      working = handover.applying() ? Optional.empty() : thread;
    }
    working.ifPresent(Thread::interrupt);
  }
}
