package io.lifeline.node.rescue;

import io.lifeline.node.api.Rescue.Step;
import io.lifeline.node.api.RescuePhase;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last 64 sentences of the story, each told in the log as well. Any thread. */
final class Story {

  static final int LENGTH = 64;

  private static final Logger LOG = LoggerFactory.getLogger("io.lifeline.node.rescue");

  private final ArrayDeque<Step> steps = new ArrayDeque<>(LENGTH);
  private final Clock clock;

  Story(Clock clock) {
    this.clock = clock;
  }

  /** Tells a step; the same sentence twice in a row is told once. */
  synchronized void tell(RescuePhase phase, String sentence) {
    Step last = steps.peekLast();
    if (last != null && last.phase() == phase && last.sentence().equals(sentence)) {
      return;
    }
    if (steps.size() == LENGTH) {
      steps.removeFirst();
    }
    steps.addLast(new Step(clock.instant(), phase, sentence));
    LOG.info("{}: {}", phase, sentence);
  }

  synchronized List<Step> steps() {
    return List.copyOf(steps);
  }
}
