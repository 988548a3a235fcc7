package io.lifeline.kubelet.server;

import java.net.SocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts refusals, and logs them with the peer's address, but not faster than a log can bear. */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final int PER_SECOND = 10;

  private final Map<Integer, Long> counts = new TreeMap<>();
  private long second;
  private int logged;
  private long unlogged;

  /**
   * A request, or a connection, was refused.
   *
   * @param what the request's method and path, never its query: commands may hold secrets
   */
  synchronized void refused(SocketAddress peer, int status, String what, String why) {
    counts.merge(status, 1L, Long::sum);
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (now != second) {
      if (unlogged > 0) {
        LOG.warn("{} more refusals in that second", unlogged);
      }
      second = now;
      logged = 0;
      unlogged = 0;
    }
    if (logged++ < PER_SECOND) {
      LOG.warn("Refused {} from {} with {}: {}", what, peer, status, why);
    } else {
      unlogged++;
    }
  }

  /** How many there were of each status. */
  synchronized Map<Integer, Long> counts() {
    return new TreeMap<>(counts);
  }
}
