package io.lifeline.session.engine;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** The sessions that live, the oldest first. Any thread. */
final class Live {

  private final Map<String, LiveSession> byId = new LinkedHashMap<>();

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

  synchronized boolean remove(LiveSession session) {
    boolean was = byId.remove(session.id(), session);
    notifyAll();
    return was;
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
        .sorted(Comparator.comparing(LiveSession::alone).reversed())
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
