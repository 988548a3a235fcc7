package io.lifeline.itests.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Tells each test as it begins and ends, for runs that take minutes. */
public final class ProgressListener implements TestExecutionListener {

  private final Map<String, Long> began = new ConcurrentHashMap<>();

  public ProgressListener() {
    Await.tell(line -> say("     " + (line.length() > 150 ? line.substring(0, 150) + "…" : line)));
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    began.put(test.getUniqueId(), System.nanoTime());
    if (test.isTest()) {
      say("…… " + Sentences.of(test.getDisplayName()));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    say("-- skipped: %s (%s)".formatted(Sentences.of(test.getDisplayName()), reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
    if (test.isTest() || failed) {
      long now = System.nanoTime();
      double seconds = (now - began.getOrDefault(test.getUniqueId(), now)) / 1e9;
      String mark =
          switch (result.getStatus()) {
            case SUCCESSFUL -> "ok passed:";
            case ABORTED -> "-- skipped:";
            case FAILED -> "!! FAILED:";
          };
      say("%s %s (%.1f s)".formatted(mark, Sentences.of(test.getDisplayName()), seconds));
      result.getThrowable().ifPresent(why -> say("   " + why.getMessage()));
    }
  }

  @SuppressWarnings("SystemOut") // the terminal is where these are read
  private static void say(String line) {
    System.out.println(line);
  }
}
