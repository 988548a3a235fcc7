package io.lifeline.runtime.oci.process;

import io.lifeline.session.api.ExitStatus;

/** What a process's thread does besides carrying bytes. */
public interface Watch {

  /** The process has ended, and nobody has heard of it yet. Must not block. */
  void ended(ExitStatus status);

  String threadName();
}
