package io.lifeline.session.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is told about a live session.
 *
 * @param id short enough to say aloud, for instance {@code amber-7}
 * @param who who, as far as known: what the door could prove, never a guess
 * @param command what runs; arguments may hold secrets: show it to those who may see the session
 * @param age since it was opened, by a monotonic clock
 * @param idle since somebody typed or the process said something
 * @param size the terminal's size as its process sees it, where it has one and it is known
 * @param others who is in it beside the person who opened it
 */
public record SessionInfo(
    String id,
    Door door,
    String who,
    List<String> command,
    boolean tty,
    Duration age,
    SessionState state,
    Duration idle,
    Optional<TerminalSize> size,
    Traffic traffic,
    Others others) {

  /**
   * Bytes so far.
   *
   * @param in what was typed or sent
   * @param out what the process said
   */
  public record Traffic(long in, long out) {

    public static final Traffic NONE = new Traffic(0, 0);
  }

  /** How many have joined, and how many watch. */
  public record Others(int joined, int watching) {

    public static final Others NOBODY = new Others(0, 0);
  }

  public SessionInfo {
    command = List.copyOf(command);
  }

  /** One that has just been opened. */
  public SessionInfo(
      String id, Door door, String who, List<String> command, boolean tty, Duration age) {
    this(
        id,
        door,
        who,
        command,
        tty,
        age,
        SessionState.OPEN,
        Duration.ZERO,
        Optional.empty(),
        Traffic.NONE,
        Others.NOBODY);
  }
}
