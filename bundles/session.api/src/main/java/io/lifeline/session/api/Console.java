package io.lifeline.session.api;

import io.lifeline.security.api.Identity;

/**
 * The commands of this process itself, for a door with a person at its other end. A service where
 * the process has a console.
 */
public interface Console {

  /**
   * Opens it. Does not wait for what is run.
   *
   * @param who as the door has proved him; he may do everything here
   * @param process its only word is the command line; blank for a shell, which needs a terminal
   * @param streams what is answered goes here
   */
  Session open(Identity who, ProcessSpec process, SessionStreams streams);
}
