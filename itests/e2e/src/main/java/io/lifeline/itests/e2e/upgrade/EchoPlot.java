package io.lifeline.itests.e2e.upgrade;

import java.util.ArrayList;
import java.util.List;

/** How long an echo took, over the time of an upgrade; beside it what was replaced. */
public final class EchoPlot {

  private static final long SLOT = 500;

  /**
   * A replacement.
   *
   * @param begin by the wall clock, milliseconds
   */
  public record Mark(long begin, long end, String what) {}

  private EchoPlot() {}

  /** A line for each half second: the median echo, the slowest, a bar of it, what was replaced. */
  public static String of(List<Typist.Echo> echoes, List<Mark> marks) {
    long from = marks.get(0).begin() - 2 * SLOT;
    long to = marks.get(marks.size() - 1).end() + 4 * SLOT;
    StringBuilder plot =
        new StringBuilder("%7s %9s %9s  %-12s %s%n".formatted("s", "median", "slowest", "", ""));
    for (long slot = from; slot < to; slot += SLOT) {
      long begin = slot;
      double[] millis =
          echoes.stream()
              .filter(echo -> echo.at() >= begin && echo.at() < begin + SLOT)
              .mapToDouble(Typist.Echo::millis)
              .sorted()
              .toArray();
      if (millis.length == 0) {
        continue;
      }
      List<String> replaced = new ArrayList<>();
      for (Mark mark : marks) {
        if (mark.begin() >= begin && mark.begin() < begin + SLOT) {
          replaced.add(mark.what());
        }
      }
      double slowest = millis[millis.length - 1];
      plot.append(
          "%7.1f %6.1f ms %6.1f ms  %-12s %s%n"
              .formatted(
                  (begin - marks.get(0).begin()) / 1000.0,
                  millis[millis.length / 2],
                  slowest,
                  "#".repeat(1 + (int) (Math.log(Math.max(1, slowest)) / Math.log(2))),
                  String.join(" ", replaced)));
    }
    return plot.toString().replaceAll("(?m) +$", "");
  }
}
