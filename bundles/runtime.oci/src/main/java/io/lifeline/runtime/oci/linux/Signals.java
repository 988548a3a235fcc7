package io.lifeline.runtime.oci.linux;

/** Signals to processes that are nobody's children here. */
public final class Signals {

  private Signals() {}

  /** Sends a signal to one process; nothing when it is gone. */
  public static void send(int pid, int signal) {
    if (pid > 1) {
      LibC.kill(pid, signal);
    }
  }
}
