package io.lifeline.session.api;

/**
 * A live session, from the door's side: one that it opened, or one that it joined.
 *
 * <p>A door says how its client went. {@link #close} is the end that somebody meant: the process is
 * hung up. {@link #lost} is a connection that broke: a shell at a terminal lives on and waits to be
 * joined again. Who has joined another's session only leaves it, by either.
 */
public interface Session extends ContainerProcess {

  SessionInfo info();

  /**
   * The client has gone without a word. Nothing more is said to its streams, apart from {@link
   * SessionStreams#ended}, which may be called or not.
   */
  default void lost() {
    close();
  }
}
