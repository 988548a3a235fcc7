package io.lifeline.ssh.server;

import io.lifeline.security.api.ClusterTime;
import java.time.Instant;
import java.util.function.Supplier;

/** What time it is, for keys and certificates that end, and by whose clock. Any thread. */
record Today(ClusterTime time) implements Supplier<Today.Time> {

  /**
   * A moment.
   *
   * @param clock whose it is, to be told
   */
  record Time(Instant at, String clock) {}

  @Override
  public Time get() {
    return new Time(
        time.instant(), time.heard() ? "the API server's clock" : "this machine's clock");
  }
}
