package io.lifeline.security.api;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;

/**
 * What time it is in the cluster, whatever this machine's clock says (fault F17): the time that an
 * API server has told over TLS, and the monotonic clock from there on. A service of the bundle that
 * hears it. Any thread.
 */
public interface ClusterTime extends InstantSource {

  /**
   * The API server's time now; the machine's own as long as no API server has told one since the
   * machine was started.
   */
  @Override
  Instant instant();

  /** Whether an API server has told the time. */
  boolean heard();

  /** What the machine's own clock says, which may be wrong. */
  Instant machine();

  /** The same as a clock, in UTC. */
  default Clock clock() {
    return withZone(ZoneOffset.UTC);
  }

  /** The machine's own clock alone, for who talks to no API server. */
  static ClusterTime ofMachine() {
    return new ClusterTime() {
      @Override
      public Instant instant() {
        return Instant.now();
      }

      @Override
      public boolean heard() {
        return false;
      }

      @Override
      public Instant machine() {
        return Instant.now();
      }
    };
  }
}
