package io.lifeline.runtime.oci.linux;

/**
 * Each thread in which this bundle calls the system is one, so that who replaces the bundle can see
 * when the last has ended.
 */
public final class OwnThread extends Thread {

  /** Bytes. A pump calls into the door's code (TLS, framing): a quarter of the usual is plenty. */
  private static final long STACK = 256 * 1024L;

  /** A daemon, not yet started. */
  public OwnThread(Runnable work, String name) {
    super(null, work, name, STACK);
    setDaemon(true);
  }
}
