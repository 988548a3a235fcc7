package io.lifeline.itests.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A number that was measured, beside the kubelet's where there is one.
 *
 * @param ours what Lifeline took
 * @param theirs what the real kubelet took in the same run
 * @param unit of both: s, ms, MB, MB/s, ...
 */
public record Measurement(String name, double ours, OptionalDouble theirs, String unit) {

  public static Measurement alone(String name, double ours, String unit) {
    return new Measurement(name, ours, OptionalDouble.empty(), unit);
  }

  public static Measurement beside(String name, double ours, double theirs, String unit) {
    return new Measurement(name, ours, OptionalDouble.of(theirs), unit);
  }

  /** Ours by theirs. */
  public OptionalDouble ratio() {
    return theirs.isPresent() && theirs.getAsDouble() != 0
        ? OptionalDouble.of(ours / theirs.getAsDouble())
        : OptionalDouble.empty();
  }

  Map<String, Object> json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("ours", ours);
    map.put("theirs", theirs.orElse(Double.NaN));
    map.put("ratio", ratio().orElse(Double.NaN));
    map.put("unit", unit);
    return map;
  }

  /** A line of a table. */
  @Override
  public String toString() {
    return theirs.isPresent()
        ? "%-46s %10.2f %10.2f %8.2f  %s"
            .formatted(name, ours, theirs.getAsDouble(), ratio().orElse(Double.NaN), unit)
        : "%-46s %10.2f %10s %8s  %s".formatted(name, ours, "-", "-", unit);
  }

  /** The table's head. */
  public static String head() {
    return "%-46s %10s %10s %8s  %s".formatted("", "ours", "kubelet", "ratio", "unit");
  }
}
