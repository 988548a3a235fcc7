package io.lifeline.runtime.oci.container;

import io.lifeline.session.api.ProcessSpec;
import java.io.IOException;

/** A way to start a process in a container that runs. */
interface Way {

  /**
   * Starts it.
   *
   * @throws IOException when it did not start; {@link Refusal} tells whether the command is to
   *     blame
   */
  Launcher.Launched start(ProcessSpec process) throws IOException, InterruptedException;

  /** For people. */
  String description();
}
