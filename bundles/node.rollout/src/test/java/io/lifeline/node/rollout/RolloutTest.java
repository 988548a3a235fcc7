package io.lifeline.node.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RolloutTest {

  private static final Wish NEXT = new Wish("0.2.0", "ab".repeat(32));

  @TempDir Path folder;

  private final Map<String, String> node = new HashMap<>();
  private final List<Wish> tried = new CopyOnWriteArrayList<>();
  private volatile String running = "0.1.0";
  private volatile String refusal = "";
  private volatile int deaf;
  private volatile int answers;
  private volatile Runnable inTheMiddle = () -> {};

  private Handover handover() {
    return new Handover(folder, "this process");
  }

  private final class Agent {

    final Handover handover = handover();
    final Rollout rollout =
        new Rollout(
            this::upgrade, running, () -> running, this::answer, handover, Duration.ofMillis(5));

    private void upgrade(Wish wish) throws RefusedException {
      tried.add(wish);
      try {
        handover.begin();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      try {
        inTheMiddle.run();
        if (!refusal.isEmpty()) {
          handover.leave(refusal);
          throw new RefusedException(refusal);
        }
        running = wish.version();
      } finally {
        handover.end();
      }
    }

    private void answer(Map<String, Optional<String>> annotations) throws IOException {
      if (deaf > 0) {
        deaf--;
        throw new IOException("nobody there");
      }
      synchronized (node) {
        annotations.forEach(
            (name, value) ->
                value.ifPresentOrElse(text -> node.put(name, text), () -> node.remove(name)));
        answers++;
      }
      told();
    }

    /** As the watch does it. */
    void told() {
      Map<String, String> now;
      synchronized (node) {
        now = Map.copyOf(node);
      }
      rollout.annotations(now);
    }
  }

  private void asked(Wish wish) {
    synchronized (node) {
      node.put(Wish.VERSION, wish.version());
      node.put(Wish.RELEASE, wish.pin());
    }
  }

  private String annotation(String name) {
    synchronized (node) {
      return node.getOrDefault(name, "");
    }
  }

  private static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in vain waited until " + what).isLessThan(end);
      never.await(2, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean idle() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("lifeline-rollout"));
  }

  @Test
  void anAgentTellsOnceWhatRunsAndThenHasNoThread() throws Exception {
    Agent agent = new Agent();
    agent.told();
    until("it is told", () -> annotation(Wish.RUNNING).equals("0.1.0"));
    until("there is no thread", RolloutTest::idle);
    agent.told();
    agent.told();
    until("there is no thread", RolloutTest::idle);
    assertThat(answers).isEqualTo(1);
    assertThat(tried).isEmpty();
  }

  @Test
  void whatIsAskedForIsDoneAndTold() throws Exception {
    Agent agent = new Agent();
    asked(NEXT);
    agent.told();
    until("it is told", () -> annotation(Wish.RUNNING).equals("0.2.0"));
    assertThat(tried).containsExactly(NEXT);
    assertThat(annotation(Wish.FAILED)).isEmpty();
  }

  @Test
  void aFailureIsToldAndNotTriedAgainUntilItIsTakenAway() throws Exception {
    Agent agent = new Agent();
    refusal = "it does not resolve";
    asked(NEXT);
    agent.told();
    until("it is told", () -> annotation(Wish.FAILED).equals("it does not resolve"));
    until("there is no thread", RolloutTest::idle);
    agent.told();
    until("there is no thread", RolloutTest::idle);
    assertThat(tried).hasSize(1);
    assertThat(annotation(Wish.RUNNING)).isEqualTo("0.1.0");

    refusal = "";
    synchronized (node) {
      node.remove(Wish.FAILED);
    }
    agent.told();
    until("it is told", () -> annotation(Wish.RUNNING).equals("0.2.0"));
  }

  @Test
  void anAnswerThatDoesNotGetThroughIsTriedAgain() throws Exception {
    deaf = 3;
    Agent agent = new Agent();
    agent.told();
    until("it is told", () -> annotation(Wish.RUNNING).equals("0.1.0"));
  }

  @Test
  void nothingIsBegunWhileTheWorkerIsBroken() throws Exception {
    Agent agent = new Agent();
    agent.rollout.workerBroken(true);
    asked(NEXT);
    agent.told();
    until("it is told", () -> annotation(Wish.RUNNING).equals("0.1.0"));
    until("there is no thread", RolloutTest::idle);
    assertThat(tried).isEmpty();
    agent.rollout.workerBroken(false);
    until("it is told", () -> annotation(Wish.RUNNING).equals("0.2.0"));
  }

  @Test
  void anInstanceThatIsReplacedInTheMiddleFinishesAndTheNextOneTells() throws Exception {
    Agent old = new Agent();
    Agent[] next = new Agent[1];
    inTheMiddle =
        () -> {
          // On the very thread that upgrades, as the framework does it.
          old.rollout.stop();
          assertThat(Thread.currentThread().isInterrupted()).isFalse();
          next[0] = new Agent();
          next[0].told();
        };
    refusal = "a component did not come up";
    asked(NEXT);
    old.told();
    until("it is told", () -> annotation(Wish.FAILED).equals("a component did not come up"));
    until("there is no thread", RolloutTest::idle);
    assertThat(tried).hasSize(1);
  }

  @Test
  void aProcessThatEndedInTheMiddleIsToldByTheNext() throws Exception {
    new Handover(folder, "a process before").begin();
    Agent agent = new Agent();
    asked(NEXT);
    agent.told();
    until("it is told", () -> annotation(Wish.FAILED).contains("ended in the middle"));
    assertThat(tried).isEmpty();
    assertThat(Files.exists(folder.resolve("applying"))).isFalse();
  }

  @Test
  void aWishThatCannotBeMeantIsNone() {
    for (Map<String, String> wrong :
        List.of(
            Map.of(Wish.VERSION, "0.2.0"),
            Map.of(Wish.VERSION, "../0.2.0", Wish.RELEASE, NEXT.pin()),
            Map.of(Wish.VERSION, "0.2.0", Wish.RELEASE, "x"))) {
      assertThat(Wish.of(wrong)).isEmpty();
    }
  }
}
