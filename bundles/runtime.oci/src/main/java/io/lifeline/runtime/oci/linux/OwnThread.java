package io.lifeline.runtime.oci.linux;

/**
 * Each thread in which this bundle calls the system is one, so that who replaces the bundle can see
 * when the last has ended.
 */
public final class OwnThread extends Thread {

  /** Bytes: what runs in one calls nothing deep. */
  private static final long STACK = 256 * 1024L;

  /** A daemon, not yet started. */
  public OwnThread(Runnable work, String name) {
    super(null, work, name, STACK);
    setDaemon(true);
  }
}
