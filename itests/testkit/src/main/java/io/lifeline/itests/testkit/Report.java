package io.lifeline.itests.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was tested and measured, as {@code target/report.json}. Any thread. */
public final class Report {

  /** Characters of a failure's reason that a person needs in order to know where to look. */
  private static final int REASON = 600;

  private final List<Map<String, Object>> tests = new ArrayList<>();
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  /** How a test ended. */
  public enum Result {
    PASSED,
    FAILED,
    SKIPPED
  }

  /** Adds a test that says no more of itself than how it ended. */
  public void test(String name, Result result, double seconds) {
    test(name, result, seconds, "");
  }

  /**
   * Adds a test; {@code why} is what a failed one says of its failure, of which one line is kept.
   */
  public synchronized void test(String name, Result result, double seconds, String why) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("result", result.name().toLowerCase(java.util.Locale.ROOT));
    map.put("seconds", seconds);
    tests.add(map);
    if (result == Result.FAILED) {
      String line = why.strip().replaceAll("\\s+", " ");
      failures.add(
          line.isEmpty() ? name : name + ": " + line.substring(0, Math.min(REASON, line.length())));
    }
  }

  /** Adds a measurement. */
  public synchronized void measured(Measurement measurement) {
    measurements.add(measurement);
  }

  public synchronized List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  public synchronized int failed() {
    return failures.size();
  }

  /** Each that failed, in a line of its own, with the beginning of its reason. */
  public synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** How many have passed; those that were skipped have not. */
  public synchronized int passed() {
    return (int) tests.stream().filter(test -> "passed".equals(test.get("result"))).count();
  }

  /** The last line of a run. */
  public String summary() {
    return "%d passed, %d failed".formatted(passed(), failed());
  }

  /** The whole as JSON. */
  public synchronized String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("tests", tests);
    map.put("measurements", measurements.stream().map(Measurement::json).toList());
    return Json.of(map) + "\n";
  }

  /** Writes the file, over an older one. */
  public void write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, json());
    } catch (IOException e) {
      throw new UncheckedIOException("the report could not be written to " + file, e);
    }
  }

  /**
   * Keeps the measurements in a file of their own, one a line, for a report that is written later
   * by another process.
   */
  public synchronized void keepMeasurements(Path file) {
    List<String> lines =
        measurements.stream()
            .map(
                m ->
                    String.join(
                        "\t",
                        m.name(),
                        Double.toString(m.ours()),
                        m.theirs().isPresent() ? Double.toString(m.theirs().getAsDouble()) : "",
                        m.unit()))
            .toList();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("the measurements could not be written to " + file, e);
    }
  }

  /** Adds what was kept so. */
  public void measurementsFrom(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.split("\t", -1);
        double ours = Double.parseDouble(fields[1]);
        measured(
            fields[2].isEmpty()
                ? Measurement.alone(fields[0], ours, fields[3])
                : Measurement.beside(fields[0], ours, Double.parseDouble(fields[2]), fields[3]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the measurements could not be read from " + file, e);
    }
  }
}
