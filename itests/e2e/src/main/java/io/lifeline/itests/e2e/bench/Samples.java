package io.lifeline.itests.e2e.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times that were measured, in milliseconds. */
final class Samples {

  private final List<Double> millis = new ArrayList<>();

  /** Takes a sample unless it is not a number, and returns it. */
  double add(double sample) {
    if (!Double.isNaN(sample)) {
      millis.add(sample);
    }
    return sample;
  }

  void addAll(Samples more) {
    millis.addAll(more.millis);
  }

  /** The value below which this share of the samples lies. */
  double percentile(int percent) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.isEmpty()
        ? Double.NaN
        : sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  double median() {
    return percentile(50);
  }
}
