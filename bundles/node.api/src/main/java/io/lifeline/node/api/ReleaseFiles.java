package io.lifeline.node.api;

import java.io.IOException;
import java.io.OutputStream;

/** The files of releases, from the debug proxy with the agent's enrolled key. Any thread. */
public interface ReleaseFiles {

  /**
   * Copies one file; blocks, for a minute at most.
   *
   * @param file its name in the release
   * @param most the most bytes it may have
   * @throws CredentialException when the agent is not enrolled, no proxy answers, or it says no
   * @throws IOException when the answer breaks off, or is longer than that
   */
  void fetch(String version, String file, long most, OutputStream to)
      throws CredentialException, IOException;
}
