package io.lifeline.itests.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * Writes {@code target/report.json} from everything a run has left: the XML of Maven's tests, the
 * measurements, and what the scripts say about their own steps. Prints what failed, and last the
 * summary alone on a line.
 *
 * <p>Arguments: the checkout, a file that is as old as the run, then {@code FAILED:sentence} or
 * {@code PASSED:sentence} for each step of the scripts. Exits with 1 when anything failed.
 */
public final class WriteReport {

  private WriteReport() {}

  /** See the class. */
  @SuppressWarnings("SystemOut") // a program for the terminal
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    FileTime since = Files.getLastModifiedTime(Path.of(arguments[1]));
    Report report = new Report();
    SurefireResults.addTo(report, home, since);
    for (int i = 2; i < arguments.length; i++) {
      String[] step = arguments[i].split(":", 2);
      report.test(step[1], Report.Result.valueOf(step[0]), 0);
    }
    report.measurementsFrom(home.resolve("target/measurements.tsv"));
    report.write(home.resolve("target/report.json"));
    report.failures().forEach(failure -> System.out.println("failed: " + failure));
    System.out.println(report.summary());
    System.exit(report.failed() == 0 && report.passed() > 0 ? 0 : 1);
  }
}
