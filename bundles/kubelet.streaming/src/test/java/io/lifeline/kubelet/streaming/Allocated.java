package io.lifeline.kubelet.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much this thread has allocated: bounds are asserted, not believed. */
final class Allocated {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long before = THREADS.getCurrentThreadAllocatedBytes();

  /** Fails when more than this many bytes were allocated since. */
  void atMost(long bytes, String by) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > bytes) {
      assertThat(allocated).as("bytes that %s allocated", by).isLessThanOrEqualTo(bytes);
    }
  }
}
