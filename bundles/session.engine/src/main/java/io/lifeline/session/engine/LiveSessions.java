package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sessions that live, of every door. Any thread. */
final class LiveSessions implements SessionEngine {

  /** Where debug containers are found; empty when there is none of this id. */
  interface Lookup {
    Optional<DebugContainer> container(String id) throws ContainerException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(LiveSessions.class);
  private static final int SIGKILL = 9;
  private static final int NOT_STARTED = 255;
  // A client that does not read is not waited for longer than this before it is hung up.
  private static final Duration ENOUGH_TO_BE_TOLD = Duration.ofSeconds(1);
  private static final Duration ENOUGH_TO_DIE = Duration.ofSeconds(2);

  private final Lookup containers;
  private final int most;
  private final AuditLog audit = new AuditLog();
  private final Map<String, LiveSession> live = new LinkedHashMap<>();
  private Optional<String> closedBy = Optional.empty();

  LiveSessions(Lookup containers, int most) {
    this.containers = containers;
    this.most = most;
  }

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException {
    DebugContainer container =
        containers
            .container(request.containerId())
            .orElseThrow(
                () ->
                    new ContainerException(
                        "there is no debug container %s, or it has ended"
                            .formatted(request.containerId())));
    LiveSession session = admitted(request, streams);
    try {
      ContainerProcess process =
          switch (request.verb()) {
            case EXEC -> container.exec(request.process(), session.streams());
            case ATTACH -> container.attach(session.streams());
          };
      session.started(process);
      return session;
    } catch (ContainerException | RuntimeException e) {
      ended(session, new ExitStatus.Failed(NOT_STARTED, "not started: " + e.getMessage()));
      throw e;
    }
  }

  private LiveSession admitted(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException {
    synchronized (live) {
      Optional<String> refusal =
          closedBy.isPresent()
              ? closedBy
              : live.size() < most
                  ? Optional.empty()
                  : Optional.of(
                      "%d sessions are open, and no more are allowed: end one of them, or raise sessions.max in etc/%s.cfg"
                          .formatted(live.size(), EngineSettings.PID));
      if (refusal.isPresent()) {
        audit.refused(request, refusal.get());
        throw new SessionRefusedException(refusal.get());
      }
      LiveSession session =
          new LiveSession(SessionNames.free(live::containsKey), request, streams, this::ended);
      live.put(session.id(), session);
      audit.opened(session.info(), request);
      return session;
    }
  }

  private void ended(LiveSession session, ExitStatus status) {
    if (remove(session)) {
      audit.ended(session.info(), session.request(), status, session.bytesIn(), session.outcome());
    }
  }

  private boolean remove(LiveSession session) {
    synchronized (live) {
      return live.remove(session.id(), session);
    }
  }

  private List<LiveSession> all() {
    synchronized (live) {
      return List.copyOf(live.values());
    }
  }

  @Override
  public List<SessionInfo> sessions() {
    return all().stream().map(LiveSession::info).toList();
  }

  @Override
  public void broadcast(String line) {
    tell(line, all());
  }

  /**
   * Each session is told by a thread of its own, because a client that does not read blocks it; the
   * line is then said as soon as he reads again.
   */
  private static void tell(String line, List<LiveSession> sessions) {
    List<Thread> tellers = new ArrayList<>();
    for (LiveSession session : sessions) {
      session.streams().leave(line);
      Thread teller = new Thread(() -> sayNow(session), "lifeline-broadcast-" + session.id());
      teller.setDaemon(true);
      try {
        teller.start();
        tellers.add(teller);
      } catch (OutOfMemoryError e) {
        // No more threads on this machine: it is said with the process's next words.
        LOG.warn(
            "the session {} could not be told '{}' now: {}", session.id(), line, e.getMessage());
      }
    }
    long end = System.nanoTime() + ENOUGH_TO_BE_TOLD.toNanos();
    for (Thread teller : tellers) {
      try {
        teller.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      // Let go of a client who still does not read.
      teller.interrupt();
    }
  }

  private static void sayNow(LiveSession session) {
    try {
      session.streams().sayNow();
    } catch (IOException e) {
      LOG.debug("the session {} could not be told: {}", session.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void endAll(String line, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    synchronized (live) {
      closedBy = Optional.of(line);
    }
    List<LiveSession> ending = all();
    tell(line, ending);
    ending.forEach(LiveSession::close);
    try {
      List<LiveSession> stubborn = awaited(ending, end);
      if (!stubborn.isEmpty()) {
        stubborn.forEach(session -> session.signal(SIGKILL));
        List<LiveSession> left = awaited(stubborn, System.nanoTime() + ENOUGH_TO_DIE.toNanos());
        left.forEach(
            session ->
                LOG.warn(
                    "the session {} has not ended although its process was killed: the kernel or"
                        + " its client holds it",
                    session.id()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<LiveSession> awaited(List<LiveSession> sessions, long end)
      throws InterruptedException {
    List<LiveSession> left = new ArrayList<>();
    for (LiveSession session : sessions) {
      if (!session.awaitEnd(Math.max(0, end - System.nanoTime()))) {
        left.add(session);
      }
    }
    return left;
  }

  @Override
  public void admit() {
    synchronized (live) {
      closedBy = Optional.empty();
    }
  }
}
