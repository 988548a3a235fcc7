package io.lifeline.session.api;

import java.time.Duration;
import java.util.List;

/** Owns the live sessions; every door opens its own here. Any thread. */
public interface SessionEngine {

  /**
   * Opens a session; blocks while the process starts.
   *
   * @throws SessionRefusedException when a limit is reached or sessions are being ended
   * @throws ContainerException when the container is gone
   */
  Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException;

  List<SessionInfo> sessions();

  /** Writes one line to every terminal, on a line of its own. */
  void broadcast(String line);

  /**
   * Writes the line to every terminal, then hangs up every session and waits for their ends; until
   * {@link #admit} no new one is opened, and the refusal says this line.
   *
   * @param within how long to wait before what is left is killed
   */
  void endAll(String line, Duration within);

  /** New sessions are welcome again. */
  void admit();
}
