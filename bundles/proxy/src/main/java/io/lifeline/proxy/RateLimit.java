package io.lifeline.proxy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** A bucket for each worker that fills evenly. Any thread. */
final class RateLimit {

  private static final long MINUTE = 60_000_000_000L;

  /** More workers than the largest clusters have; beyond that all begin anew. */
  private static final int MOST_WORKERS = 20_000;

  private record Bucket(double left, long at) {}

  private final int perMinute;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /**
   * @param nanos {@link System#nanoTime}, or a test's
   */
  RateLimit(int perMinute, LongSupplier nanos) {
    this.perMinute = perMinute;
    this.nanos = nanos;
  }

  int perMinute() {
    return perMinute;
  }

  /** Takes one; false when none is left, and then nothing is taken. */
  boolean take(String worker) {
    if (buckets.size() > MOST_WORKERS) {
      buckets.clear();
    }
    long now = nanos.getAsLong();
    boolean[] taken = new boolean[1];
    buckets.compute(
        worker,
        (name, bucket) -> {
          double left = bucket == null ? perMinute : filled(bucket, now);
          taken[0] = left >= 1;
          return new Bucket(taken[0] ? left - 1 : left, now);
        });
    return taken[0];
  }

  private double filled(Bucket bucket, long now) {
    return Math.min(perMinute, bucket.left() + perMinute * (double) (now - bucket.at()) / MINUTE);
  }
}
