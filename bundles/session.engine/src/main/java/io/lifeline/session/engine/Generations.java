package io.lifeline.session.engine;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.EarlierSessions;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * This engine's sessions together with those that live on in engines that were replaced. New ones
 * are this engine's own. Any thread.
 */
final class Generations implements SessionEngine {

  private final LiveSessions own;
  private final List<EarlierSessions> earlier = new CopyOnWriteArrayList<>();

  Generations(LiveSessions own) {
    this.own = own;
  }

  void add(EarlierSessions sessions) {
    earlier.add(sessions);
  }

  void remove(EarlierSessions sessions) {
    earlier.remove(sessions);
  }

  /** The replaced engine in which a session lives. */
  Optional<EarlierSessions> earlier(String id) {
    return earlier.stream().filter(engine -> engine.session(id).isPresent()).findFirst();
  }

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    return own.open(request, streams);
  }

  @Override
  public Session join(JoinRequest request, SessionStreams streams) throws SessionRefusedException {
    Optional<EarlierSessions> there = earlier(request.sessionId());
    return there.isPresent() ? there.get().join(request, streams) : own.join(request, streams);
  }

  @Override
  public List<SessionInfo> sessions() {
    List<SessionInfo> all = new ArrayList<>();
    earlier.forEach(engine -> all.addAll(engine.sessions()));
    all.addAll(own.sessions());
    return all;
  }

  @Override
  public void broadcast(String line) {
    earlier.forEach(engine -> engine.broadcast(line));
    own.broadcast(line);
  }

  @Override
  public boolean end(String sessionId, Identity by, String why) {
    Optional<EarlierSessions> there = earlier(sessionId);
    return there.isPresent() ? there.get().end(sessionId, by, why) : own.end(sessionId, by, why);
  }

  @Override
  public void endsAt(long endNanos, String what) {
    earlier.forEach(engine -> engine.endsAt(endNanos, what));
    own.endsAt(endNanos, what);
  }

  @Override
  public void endAll(String line, Duration within) {
    everywhere(engine -> engine.endAll(line, within));
  }

  @Override
  public void endAllGently(String line, Duration within) {
    everywhere(engine -> engine.endAllGently(line, within));
  }

  @Override
  public boolean endAllGently(String line, Duration within, BooleanSupplier calledOff) {
    AtomicBoolean ended = new AtomicBoolean(true);
    everywhere(
        engine -> {
          if (!engine.endAllGently(line, within, calledOff)) {
            ended.set(false);
          }
        });
    if (!ended.get()) {
      admit();
    }
    return ended.get();
  }

  /** At the same time: nobody has less of a grace because others had one before. */
  private void everywhere(Consumer<SessionEngine> end) {
    List<Thread> others = new ArrayList<>();
    for (EarlierSessions engine : earlier) {
      Thread ending = new Thread(() -> end.accept(engine), "lifeline-ending");
      ending.setDaemon(true);
      ending.start();
      others.add(ending);
    }
    end.accept(own);
    try {
      for (Thread ending : others) {
        ending.join();
      }
    } catch (InterruptedException e) {
      others.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void admit() {
    own.admit();
  }

  @Override
  public List<Recording> recordings() {
    return own.recordings();
  }

  @Override
  public boolean replay(String id, Player player) throws IOException, InterruptedException {
    return own.replay(id, player);
  }
}
