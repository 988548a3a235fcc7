package io.lifeline.session.api;

import java.time.Duration;
import java.util.List;

/**
 * What is told about a live session.
 *
 * @param id short enough to say aloud, for instance {@code amber-7}
 * @param who who, as far as known
 * @param command what runs; arguments may hold secrets: show it to those who may see the session
 * @param age since it was opened, by a monotonic clock
 */
public record SessionInfo(
    String id, Door door, String who, List<String> command, boolean tty, Duration age) {

  public SessionInfo {
    command = List.copyOf(command);
  }
}
