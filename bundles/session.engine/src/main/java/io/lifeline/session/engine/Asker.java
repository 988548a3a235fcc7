package io.lifeline.session.engine;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Door;
import io.lifeline.session.api.SessionRequest;
import io.lifeline.session.api.TerminalSize;
import java.util.Optional;

/**
 * Who gives a {@code lifeline} command.
 *
 * @param session the session in whose terminal it was given; empty when it came through a door
 * @param terminal whether he has a terminal that can show another session
 * @param keys whether what he types arrives
 */
record Asker(
    Optional<LiveSession> session,
    Door door,
    Identity who,
    boolean terminal,
    boolean keys,
    Optional<TerminalSize> size) {

  static Asker in(LiveSession session) {
    SessionRequest request = session.request();
    return new Asker(
        Optional.of(session),
        request.door(),
        request.who(),
        true,
        request.process().stdin(),
        session.size());
  }

  static Asker at(SessionRequest request) {
    return new Asker(
        Optional.empty(),
        request.door(),
        request.who(),
        request.process().tty(),
        request.process().stdin(),
        request.process().size());
  }

  /** For the others. */
  String name() {
    return session.map(LiveSession::id).orElse(who.name());
  }
}
