package io.lifeline.console;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sessions that are not there. */
final class FakeEngine implements SessionEngine {

  final List<SessionInfo> sessions = new ArrayList<>();
  final List<String> heard = new ArrayList<>();
  byte[] recorded = {};

  @Override
  public Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException {
    throw new SessionRefusedException("not here");
  }

  @Override
  public List<SessionInfo> sessions() {
    return sessions;
  }

  @Override
  public void broadcast(String line) {
    heard.add(line);
  }

  @Override
  public boolean end(String sessionId, Identity by, String why) {
    boolean there = session(sessionId).isPresent();
    if (there) {
      heard.add("end %s by %s: %s".formatted(sessionId, by.name(), why));
    }
    return there;
  }

  @Override
  public void endAll(String line, Duration within) {}

  @Override
  public void admit() {}

  @Override
  public List<Recording> recordings() {
    return List.of(new Recording("amber-7", Path.of("amber-7.cast"), recorded.length, false));
  }

  @Override
  public boolean replay(String id, Player player) throws IOException, InterruptedException {
    if (!id.equals("amber-7")) {
      return false;
    }
    player.output(Duration.ofSeconds(1), ByteBuffer.wrap(recorded));
    return true;
  }
}
