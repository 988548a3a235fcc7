package io.lifeline.kubelet.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How quickly processor time was used since it was last asked for: nothing looks in between, an
 * idle agent sleeps. Any thread.
 */
final class CpuRates {

  private static final long LEAST_NANOS = 1_000_000_000;
  private static final int MOST = 8;

  /** The last look, and what came of it. */
  private record Look(long at, long cpuNanos, long rate) {}

  private final Map<String, Look> looks = new LinkedHashMap<>();

  /**
   * Nanoseconds of processor time in a second.
   *
   * @param of the node, or a container's id
   * @param now by the monotonic clock
   */
  synchronized long rate(String of, long now, long cpuNanos) {
    Look last = looks.get(of);
    if (last == null || cpuNanos < last.cpuNanos()) {
      if (looks.size() == MOST) {
        looks.remove(looks.keySet().iterator().next());
      }
      looks.put(of, new Look(now, cpuNanos, 0));
      return 0;
    }
    long time = now - last.at();
    if (time < LEAST_NANOS) {
      // Too short to say something new: the clock of /proc ticks a hundred times a second.
      return last.rate();
    }
    long rate = Math.round((cpuNanos - last.cpuNanos()) * 1e9 / time);
    looks.put(of, new Look(now, cpuNanos, rate));
    return rate;
  }
}
