package io.lifeline.ssh.server;

import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
final class FakeEngine implements SessionEngine {

  final List<String> said = new CopyOnWriteArrayList<>();

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException {
    throw new SessionRefusedException("no session here");
  }

  @Override
  public List<SessionInfo> sessions() {
    return List.of();
  }

  @Override
  public void broadcast(String line) {
    said.add("broadcast " + line);
  }

  @Override
  public void endsAt(long endNanos, String what) {
    said.add("endsAt " + what);
  }

  @Override
  public void endAll(String line, Duration within) {
    said.add("endAll " + line);
  }

  @Override
  public void endAllGently(String line, Duration within) {
    said.add("gently " + line);
  }

  @Override
  public void admit() {
    said.add("admit");
  }
}
