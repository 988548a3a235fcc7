package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Lets go of the system's library when a replaced instance of this bundle calls it no more: its
 * containers and sessions live on in its classes until they end. JNA would keep these for ever, by
 * a reference to each native method and by a thread that frees native memory.
 */
public final class LastCall implements Runnable {

  private static final String CLEANER = "JNA Cleaner";
  private static final Duration STILL = Duration.ofSeconds(5);

  private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
  private final List<Reference<?>> held;

  private LastCall(Collection<?> callers) {
    held = callers.stream().<Reference<?>>map(one -> new WeakReference<>(one, gone)).toList();
  }

  /**
   * This instance is replaced: waits in a thread, until nobody holds any of its objects that call
   * the system and all of its threads have ended.
   */
  public static void await(Collection<?> callers) {
    Thread thread = new Thread(new LastCall(callers), "lifeline-runtime-last");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try {
      for (int left = held.size(); left > 0; left--) {
        gone.remove();
      }
      do {
        for (Optional<Thread> own = own(); own.isPresent(); own = own()) {
          own.get().join();
        }
        // Whoever was told of a process's end may still close what is left of it.
        Thread.sleep(STILL.toMillis());
      } while (own().isPresent());
      endCleaner();
      Native.unregister(LibC.class);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Thread> own() {
    return Arrays.stream(all()).filter(OwnThread.class::isInstance).findFirst();
  }

  private static void endCleaner() {
    Arrays.stream(all())
        .filter(thread -> thread.getName().equals(CLEANER))
        .filter(thread -> thread.getClass().getClassLoader() == Memory.class.getClassLoader())
        .forEach(Thread::interrupt);
  }

  private static Thread[] all() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] threads = new Thread[root.activeCount() + 16];
    return Arrays.copyOf(threads, root.enumerate(threads));
  }
}
