package io.lifeline.ssh.server;

import io.lifeline.node.api.ApiServer.Reach;
import java.time.Duration;

/**
 * How long the API server has been silent, on the monotonic clock. Silence begins with a question
 * that was not answered, and ends with the first that was. One thread; time is handed in.
 */
final class CutOff {

  private final Duration after;
  private boolean silent;
  private long silentNanos;
  private int answers;

  CutOff(Duration after) {
    this.after = after;
  }

  void heard(Reach reach, long now) {
    switch (reach) {
      case ANSWERS -> {
        silent = false;
        answers++;
      }
      case SILENT -> {
        if (!silent) {
          silentNanos = now;
        }
        silent = true;
        answers = 0;
      }
      // Neither is it silence, nor does it end one.
      case UNKNOWN -> {}
    }
  }

  /** Whether it has been silent for long enough. */
  boolean isCutOff(long now) {
    return silent && now - silentNanos >= after.toNanos();
  }

  /** Whether it has answered more than once since the last silence. */
  boolean isBack() {
    return answers >= 2;
  }

  Duration silence(long now) {
    return silent ? Duration.ofNanos(now - silentNanos) : Duration.ZERO;
  }
}
