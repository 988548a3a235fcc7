package io.lifeline.session.api;

/** A live session, from the door's side. */
public interface Session extends ContainerProcess {

  SessionInfo info();
}
