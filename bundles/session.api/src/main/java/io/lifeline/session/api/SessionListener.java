package io.lifeline.session.api;

/** A service that tells the cluster what goes wrong in sessions. Any thread; must not block. */
public interface SessionListener {

  /**
   * @param reason CamelCase, as an Event's
   * @param sentence for the person on call; nothing secret
   */
  void warning(String reason, String sentence);
}
