package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;

/**
 * JNA's thread that frees native memory. It ends when there is nothing to be freed any more, and a
 * loaded library is never freed: so it would keep the classes of an instance of this bundle for
 * ever that was replaced long ago.
 */
public final class JnaCleaner {

  private static final String NAME = "JNA Cleaner";

  private JnaCleaner() {}

  /**
   * Ends this instance's. What its sessions still take is freed no more: some bytes for each change
   * of a window's size, while they last.
   */
  public static void end() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] threads = new Thread[root.activeCount() + 16];
    int count = root.enumerate(threads);
    for (int i = 0; i < count; i++) {
      if (threads[i].getName().equals(NAME)
          && threads[i].getClass().getClassLoader() == Memory.class.getClassLoader()) {
        threads[i].interrupt();
      }
    }
  }
}
