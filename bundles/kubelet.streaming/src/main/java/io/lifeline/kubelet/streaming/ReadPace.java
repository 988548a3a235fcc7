package io.lifeline.kubelet.streaming;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Lets the input of a fast sender gather for a moment before it is read again, as a network card
 * moderates its interrupts. An API server writes TLS records of 16 KiB, and an agent that is quick
 * to read each wakes for it, writes it, and wakes the process for it: most of that is the kernel
 * switching threads. Four records a turn instead take a tenth of the time off an upload by SPDY,
 * and a fifth of the agent's CPU. (Output gains nothing so: it is the client that is waited for.)
 *
 * <p>The event loop stands still meanwhile, since no timer of its own is that fine. It does so only
 * in the middle of a flow: after a read of a record or more, that has not filled the buffer anyhow,
 * and that followed the one before within a millisecond. Somebody who types never waits for
 * himself; and where several upload at once their turns alone take that millisecond, so all of them
 * together hold up everybody else no longer than about that.
 *
 * <p>Event loop only.
 */
final class ReadPace {

  private static final int RECORD = 8 * 1024;
  private static final int PLENTY = 48 * 1024;
  private static final long FLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** With the timer's slack some 150 µs, in which 40 to 60 KiB come. */
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final LongSupplier clock;
  private final LongConsumer pause;
  private int bytes;
  private long last;

  ReadPace() {
    this(System::nanoTime, LockSupport::parkNanos);
  }

  /** With another clock, and another way to wait so many nanoseconds. */
  ReadPace(LongSupplier clock, LongConsumer pause) {
    this.clock = clock;
    this.pause = pause;
    this.last = clock.getAsLong() - FLOW_NANOS;
  }

  /** So much input was read. */
  void read(int count) {
    bytes += count;
  }

  /** What could be read now was read, and is dealt with: waits, if more is sure to come. */
  void complete() {
    long now = clock.getAsLong();
    if (flows(now)) {
      pause.accept(PAUSE_NANOS);
      now = clock.getAsLong();
    }
    bytes = 0;
    last = now;
  }

  private boolean flows(long now) {
    return bytes >= RECORD && bytes < PLENTY && now - last < FLOW_NANOS;
  }
}
