package io.lifeline.session.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The sessions that live, the oldest first. Any thread. */
final class Live {

  private final Map<String, LiveSession> byId = new LinkedHashMap<>();
  private @Nullable Runnable whenEmpty;

  synchronized int size() {
    return byId.size();
  }

  /**
   * Adds one under a name that is free.
   *
   * @param taken names that are not, besides those of the living
   */
  synchronized LiveSession add(Predicate<String> taken, Function<String, LiveSession> named) {
    LiveSession session = named.apply(SessionNames.free(taken.or(byId::containsKey)));
    byId.put(session.id(), session);
    return session;
  }

  /** One that has its name. */
  synchronized void add(LiveSession session) {
    byId.put(session.id(), session);
  }

  boolean remove(LiveSession session) {
    boolean was;
    synchronized (this) {
      was = byId.remove(session.id(), session);
      notifyAll();
    }
    tellWhenEmpty();
    return was;
  }

  /** Runs it once, when nobody lives any more; at once if nobody does. */
  void whenEmpty(Runnable told) {
    synchronized (this) {
      whenEmpty = told;
    }
    tellWhenEmpty();
  }

  private void tellWhenEmpty() {
    Runnable told;
    synchronized (this) {
      if (whenEmpty == null || !byId.isEmpty()) {
        return;
      }
      told = whenEmpty;
      whenEmpty = null;
    }
    told.run();
  }

  synchronized List<LiveSession> all() {
    return List.copyOf(byId.values());
  }

  List<LiveSession> terminals() {
    return all().stream().filter(LiveSession::isTerminal).toList();
  }

  synchronized Optional<LiveSession> of(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  int viewers() {
    return all().stream()
        .map(session -> session.info().others())
        .mapToInt(others -> others.joined() + others.watching())
        .sum();
  }

  /** Shells that nobody is in, who has waited longest first. */
  List<LiveSession> alone() {
    return all().stream()
        .filter(LiveSession::isAlone)
        .sorted((one, other) -> Long.signum(one.aloneSince() - other.aloneSince()))
        .toList();
  }

  /** Waits until one has gone, or a moment is reached. */
  synchronized void awaitChange(long untilNanos) throws InterruptedException {
    long millis = (untilNanos - System.nanoTime()) / 1_000_000;
    if (millis > 0) {
      wait(millis);
    }
  }
}
