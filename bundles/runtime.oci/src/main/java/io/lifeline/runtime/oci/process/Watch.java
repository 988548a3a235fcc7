package io.lifeline.runtime.oci.process;

import io.lifeline.session.api.ExitStatus;

/** What a process's thread does besides carrying bytes. */
public interface Watch {

  /** Called every few seconds while the process runs. Must not block. */
  default void tick() {}

  /** How often {@link #tick} is called; zero for never. */
  default int tickMillis() {
    return 0;
  }

  /** The process has ended, and nobody has heard of it yet. Must not block. */
  void ended(ExitStatus status);

  String threadName();
}
