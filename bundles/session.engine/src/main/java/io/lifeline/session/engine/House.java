package io.lifeline.session.engine;

import io.lifeline.session.api.ExitStatus;
import java.io.IOException;

/** What all sessions together make of one. */
interface House {

  /** Asked for by the {@code lifeline} command in the container. */
  void asked(LiveSession session, String words) throws IOException, InterruptedException;

  /** Its connection was lost, and it lives on. */
  void detached(LiveSession session);

  /** Somebody has left it who had joined or watched. */
  void left(LiveSession session, JoinedSession who, String how);

  /** Its process has ended; the client has not heard of it yet. */
  void ended(LiveSession session, ExitStatus status);
}
