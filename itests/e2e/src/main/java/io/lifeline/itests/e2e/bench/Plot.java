package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.testkit.Measurement;
import java.util.List;

/** Ratios as bars, from an eighth of the kubelet's on the left to eight times on the right. */
final class Plot {

  private static final int OCTAVE = 8;
  private static final int OCTAVES = 3;
  private static final int MIDDLE = OCTAVE * OCTAVES;

  private Plot() {}

  static String of(List<Measurement> measurements) {
    StringBuilder plot = new StringBuilder();
    plot.append(
        "%-46s 1/8     1/4     1/2     1       2       4       8%n".formatted("ours / kubelet"));
    for (Measurement measurement : measurements) {
      measurement
          .ratio()
          .ifPresent(ratio -> plot.append("%-46s %s%n".formatted(measurement.name(), bar(ratio))));
    }
    return plot.toString();
  }

  private static String bar(double ratio) {
    int at = MIDDLE + (int) Math.round(OCTAVE * Math.log(Math.max(ratio, 1e-9)) / Math.log(2));
    int end = Math.max(0, Math.min(2 * MIDDLE, at));
    char[] line = " ".repeat(2 * MIDDLE + 1).toCharArray();
    for (int i = Math.min(MIDDLE, end); i <= Math.max(MIDDLE, end); i++) {
      line[i] = end < MIDDLE ? '=' : '#';
    }
    line[MIDDLE] = '|';
    return new String(line).stripTrailing() + " %.2f".formatted(ratio);
  }
}
