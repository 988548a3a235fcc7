package io.lifeline.session.api;

import io.lifeline.security.api.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Owns the live sessions; every door opens its own here. Any thread.
 *
 * <p>A command whose first word is {@code lifeline} is the engine's own and starts no process:
 * {@code lifeline sessions}, {@code join ID}, {@code watch ID}, {@code say TEXT}, {@code end ID},
 * {@code stay}. So every door has them by {@link #open}.
 */
public interface SessionEngine {

  /**
   * Opens a session; blocks while the process starts.
   *
   * @throws SessionRefusedException when a limit is reached or sessions are being ended
   * @throws ContainerException when the container is gone
   */
  Session open(SessionRequest request, SessionStreams streams)
      throws SessionRefusedException, ContainerException;

  /**
   * Joins or watches a session that has a terminal. The streams hear its last screenful, then what
   * everybody in it sees, and the end when it ends or is left: by {@link Session#close}, {@link
   * Session#lost}, or the detach key (Ctrl-]) in the input.
   *
   * @throws SessionRefusedException when there is none of this id, it has no terminal, or a limit
   *     is reached
   */
  default Session join(JoinRequest request, SessionStreams streams) throws SessionRefusedException {
    throw new SessionRefusedException("this engine has sessions of one person each");
  }

  List<SessionInfo> sessions();

  /** Writes one line to every terminal, on a line of its own. */
  void broadcast(String line);

  /**
   * Hangs up a session.
   *
   * @param why told at its terminal, and kept in the audit log
   * @return whether there was one of this id
   */
  default boolean end(String sessionId, Identity by, String why) {
    return false;
  }

  /**
   * From now on every terminal is told how long it still has, as the end comes near.
   *
   * @param endNanos the end, on {@link System#nanoTime}'s clock
   * @param what what ends, to finish "… ends in 5 minutes"
   */
  default void endsAt(long endNanos, String what) {}

  /**
   * Writes the line to every terminal, then hangs up every session and waits for their ends; until
   * {@link #admit} no new one is opened, and the refusal says this line.
   *
   * @param within how long to wait before what is left is killed
   */
  void endAll(String line, Duration within);

  /**
   * The same, after a grace: those who are in can finish what they do, and {@code lifeline stay}
   * asks once for more. Blocks until everybody has gone or the grace is over; an interrupt ends the
   * wait at once.
   */
  default void endAllGently(String line, Duration within) {
    endAll(line, within);
  }

  /**
   * The same, as long as it is not called off: then all goes on as before.
   *
   * @param calledOff asked once a second during the grace
   * @return false when it was called off
   */
  default boolean endAllGently(String line, Duration within, BooleanSupplier calledOff) {
    endAllGently(line, within);
    return true;
  }

  /** New sessions are welcome again. */
  void admit();

  /** The recordings that are kept, the oldest first. */
  default List<Recording> recordings() {
    return List.of();
  }

  /**
   * A recorded session.
   *
   * @param id the session's
   * @param file asciicast v2, on the agent's tmpfs; it may vanish when room is needed
   * @param live whether it is being written
   */
  record Recording(String id, Path file, long bytes, boolean live) {}

  /**
   * Plays a recording to its end, piece by piece as fast as the player takes them: what the
   * terminal got, byte for byte.
   *
   * @return whether there is one of this id
   * @throws IOException when it cannot be read, or the player throws it
   */
  default boolean replay(String id, Player player) throws IOException, InterruptedException {
    return false;
  }

  /** Takes what a terminal got. */
  interface Player {

    /**
     * @param at since the session was opened
     */
    void output(Duration at, ByteBuffer bytes) throws IOException, InterruptedException;
  }

  /** A live session by its id. */
  default Optional<SessionInfo> session(String id) {
    return sessions().stream().filter(session -> session.id().equals(id)).findFirst();
  }
}
