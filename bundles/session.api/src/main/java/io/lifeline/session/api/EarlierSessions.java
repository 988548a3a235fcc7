package io.lifeline.session.api;

/**
 * An engine whose bundle was replaced, and whose sessions live on in it. A service, registered in
 * this contract's own name because the engine's bundle has stopped, until the last of the sessions
 * has ended. The next engine shows them, lets people join them and ends them with its own.
 */
public interface EarlierSessions extends SessionEngine {}
