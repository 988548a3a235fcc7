package io.lifeline.itests.e2e.upgrade;

import io.lifeline.itests.testkit.Await;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What lives in the agent after a collection.
 *
 * @param heap bytes
 * @param loaders of our bundles with more than one class loader: the name and how many
 * @param kept which threads keep the old ones
 */
public record Memory(long heap, List<String> loaders, List<String> kept) {

  private static final String LOADERS = "loaders io.lifeline.";
  private static final Duration ANSWER = Duration.ofSeconds(20);
  private static final Duration NOTHING_GOES = Duration.ofSeconds(12);

  public static Memory of(AgentInside agent) {
    List<String> lines = agent.obey(ANSWER, List.of("heap"));
    long heap =
        lines.stream()
            .filter(line -> line.startsWith("heap "))
            .mapToLong(line -> Long.parseLong(line.substring(5)))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no heap in " + lines));
    return new Memory(
        heap,
        lines.stream()
            .filter(line -> line.startsWith(LOADERS) && !line.endsWith(" 1"))
            .map(line -> line.substring(LOADERS.length()))
            .toList(),
        lines.stream()
            .filter(line -> line.startsWith("kept ") || line.startsWith("unknown "))
            .toList());
  }

  /**
   * Waits until each of our bundles has one class loader, however many versions there were, or
   * until nothing more goes: what was left to the next instance is kept for some seconds.
   *
   * @param within the last look is returned when that is over, whatever it saw
   */
  public static Memory settled(AgentInside agent, Duration within) {
    Deque<Memory> seen = new ArrayDeque<>(List.of(of(agent)));
    long[] changed = {System.nanoTime()};
    try {
      Await.until(
          "each bundle has one class loader, or nothing more goes",
          within,
          () -> {
            Memory now = of(agent);
            if (!now.loaders().equals(seen.getLast().loaders())) {
              changed[0] = System.nanoTime();
            }
            seen.add(now);
            return now.loaders().isEmpty()
                || System.nanoTime() - changed[0] > NOTHING_GOES.toNanos();
          });
    } catch (AssertionError e) {
      // The test says what it thinks of that.
    }
    return seen.getLast();
  }

  @Override
  public String toString() {
    return "%d KiB, class loaders more than one: %s, %s".formatted(heap >> 10, loaders, kept);
  }
}
