package io.lifeline.debugpod;

import io.lifeline.session.api.ContainerRuntime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The container runtime. When it has just gone, its bundle is perhaps being replaced, and who wants
 * it waits for the next one: a pod is not refused for that. Any thread that may block.
 */
final class AwaitedRuntime {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private @Nullable ContainerRuntime bound;
  private long patientUntil = System.nanoTime();

  synchronized void bind(ContainerRuntime service) {
    bound = service;
    notifyAll();
  }

  /** Another may have taken its place already. */
  synchronized void unbind(ContainerRuntime service) {
    if (bound == service) {
      bound = null;
      patientUntil = System.nanoTime() + PATIENCE_NANOS;
    }
  }

  /** Null when there is none. */
  synchronized @Nullable ContainerRuntime get() {
    try {
      while (bound == null) {
        long millis = TimeUnit.NANOSECONDS.toMillis(patientUntil - System.nanoTime());
        if (millis <= 0) {
          break;
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return bound;
  }
}
