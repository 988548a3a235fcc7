package io.lifeline.ssh.server;

import io.lifeline.node.api.NodeCredential;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What time it is, for certificates that end: the API server's time, once a rescue has told it, and
 * the monotonic clock from there on. Before that this machine's wall clock, which may be wrong. Any
 * thread.
 */
final class Today implements Supplier<Today.Time> {

  /**
   * A moment.
   *
   * @param clock whose it is, to be told
   */
  record Time(Instant at, String clock) {}

  private static final String OWN = "this machine's clock";
  private static final String SERVER = "the API server's clock";

  private volatile @Nullable NodeCredential heard;

  /** A credential's end is told by both clocks: so they are known to each other. */
  void heard(NodeCredential credential) {
    heard = credential;
  }

  @Override
  public Time get() {
    NodeCredential known = heard;
    return known == null
        ? new Time(Instant.now(), OWN)
        : new Time(known.ends().minus(known.left()), SERVER);
  }
}
