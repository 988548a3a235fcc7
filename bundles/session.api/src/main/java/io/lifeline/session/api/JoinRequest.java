package io.lifeline.session.api;

import io.lifeline.security.api.Identity;
import java.util.Optional;

/**
 * A wish to be in a session that somebody has opened.
 *
 * @param sessionId the session's id, for instance {@code amber-7}
 * @param mode whether what is typed reaches it
 * @param door where it came in
 * @param who who asked, as far as known
 * @param size the joining terminal's size, where it is known
 */
public record JoinRequest(
    String sessionId, Mode mode, Door door, Identity who, Optional<TerminalSize> size) {

  /** Join or watch. */
  public enum Mode {
    /** A second window: keys reach the shell, and the smallest window rules. */
    JOIN,
    /** Keys go nowhere, and the window does not count. */
    WATCH
  }
}
