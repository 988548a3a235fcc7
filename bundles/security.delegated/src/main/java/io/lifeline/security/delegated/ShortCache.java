package io.lifeline.security.delegated;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers answers for a short time, and no more than a fixed number of them: the one asked for
 * longest ago goes first. Any thread.
 */
final class ShortCache<K, V> {

  private record Entry<V>(V value, long end) {}

  private final LongSupplier nanos;
  private final Map<K, Entry<V>> entries;

  /**
   * @param nanos a monotonic clock
   */
  ShortCache(int most, LongSupplier nanos) {
    this.nanos = nanos;
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Entry<V>> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Optional<V> get(K key) {
    Entry<V> entry = entries.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.end() - nanos.getAsLong() <= 0) {
      entries.remove(key);
      return Optional.empty();
    }
    return Optional.of(entry.value());
  }

  synchronized void put(K key, V value, Duration life) {
    entries.put(key, new Entry<>(value, nanos.getAsLong() + life.toNanos()));
  }
}
