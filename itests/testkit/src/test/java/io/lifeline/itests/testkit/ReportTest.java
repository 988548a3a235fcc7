package io.lifeline.itests.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @Test
  void theReportHoldsTestsAndMeasurements() {
    Report report = new Report();
    report.test("a \"quoted\" sentence", Report.Result.PASSED, 1.5);
    report.measured(Measurement.beside("exec -- true", 40, 50, "ms"));
    report.measured(Measurement.alone("first prompt", 0.25, "s"));
    assertThat(report.json())
        .contains(
            "{\"name\": \"a \\\"quoted\\\" sentence\", \"result\": \"passed\", \"seconds\":"
                + " 1.5000}")
        .contains("\"ours\": 40.0000, \"theirs\": 50.0000, \"ratio\": 0.8000, \"unit\": \"ms\"")
        .contains("\"ours\": 0.2500, \"theirs\": null, \"ratio\": null, \"unit\": \"s\"");
  }

  @Test
  void theSummaryCountsWhatPassedAndWhatFailed() {
    Report report = new Report();
    report.test("one", Report.Result.PASSED, 0);
    report.test("two", Report.Result.FAILED, 0);
    report.test("three", Report.Result.SKIPPED, 0);
    assertThat(report.summary()).isEqualTo("1 passed, 1 failed");
  }

  @Test
  void measurementsSurviveTheWayThroughAFile(@TempDir Path folder) {
    Report one = new Report();
    one.measured(Measurement.beside("exec -- true", 40, 50, "ms"));
    one.measured(Measurement.alone("first prompt", 0.25, "s"));
    one.keepMeasurements(folder.resolve("m.tsv"));
    Report other = new Report();
    other.measurementsFrom(folder.resolve("m.tsv"));
    assertThat(other.measurements()).isEqualTo(one.measurements());
  }

  @Test
  void theTestsOfMavenAreReadAsSentences(@TempDir Path folder) throws Exception {
    Path reports = Files.createDirectories(folder.resolve("bundles/x/target/surefire-reports"));
    Files.writeString(
        reports.resolve("TEST-io.x.SettingsTest.xml"),
        """
        <testsuite><testcase classname="io.x.SettingsTest" name="aWrongValueIsRefused" time="0.2"/>
        <testcase classname="io.x.SettingsTest" name="another"><failure message="expected: 1
          but was: 2"/></testcase></testsuite>
        """);
    Report report = new Report();
    SurefireResults.addTo(report, folder, FileTime.fromMillis(0));
    assertThat(report.summary()).isEqualTo("1 passed, 1 failed");
    assertThat(report.json()).contains("SettingsTest: a wrong value is refused");
    assertThat(report.failures()).containsExactly("SettingsTest: another: expected: 1 but was: 2");
  }

  @Test
  void resultsOfAnEarlierRunAreLeftOut(@TempDir Path folder) throws Exception {
    Path reports = Files.createDirectories(folder.resolve("x/target/surefire-reports"));
    Files.writeString(
        reports.resolve("TEST-x.xml"), "<testsuite><testcase classname='x' name='y'/></testsuite>");
    Report report = new Report();
    SurefireResults.addTo(report, folder, FileTime.fromMillis(Long.MAX_VALUE));
    assertThat(report.summary()).isEqualTo("0 passed, 0 failed");
  }
}
