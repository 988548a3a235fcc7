package io.lifeline.node.rescue;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double from a first to a longest one, each shortened by up to a third at random, so
 * that the agents of many nodes that fail together do not ask together. One thread.
 */
final class Backoff {

  private final Duration first;
  private final Duration most;
  private final RandomGenerator random;
  private long nextNanos;

  Backoff(RescueSettings settings, RandomGenerator random) {
    this.first = settings.retryFirst();
    this.most = settings.retryMost();
    this.random = random;
    reset();
  }

  void reset() {
    nextNanos = first.toNanos();
  }

  Duration next() {
    long whole = nextNanos;
    nextNanos = Math.min(whole * 2, most.toNanos());
    return Duration.ofNanos(whole - (long) (whole / 3.0 * random.nextDouble()));
  }
}
