package io.lifeline.runtime.oci.process;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.lifeline.runtime.oci.linux.Fd;
import io.lifeline.runtime.oci.linux.PollSet;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.SessionStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of one process: carries its output, sees its end. */
final class ProcessPump implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessPump.class);
  // With room for a frame's header it is 64 KiB, four TLS records; a little more would be cut into
  // such a frame and one of a few bytes.
  private static final int BUFFER = 64 * 1024 - 64;
  // How long after a process's end its heirs may still speak; the kubelet waits about as long.
  private static final long HEIRS_NANOS = 100_000_000;
  private static final int WITHOUT_PIDFD_MILLIS = 50;
  private static final int SIGHUP = 1;
  private static final int SIGTERM = 15;
  private static final int SIGKILL = 9;

  private final RunningProcess process;
  private final ProcessIo io;
  private final SessionStreams streams;
  private final Watch watch;
  private final Duration grace;
  private final PollSet poll = new PollSet(5);
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final Pointer memory = Native.getDirectBufferPointer(buffer);
  private boolean hungUp;
  private boolean killed;
  private long killAt;

  ProcessPump(RunningProcess process, SessionStreams streams, Watch watch, Duration grace) {
    this.process = process;
    this.io = process.io();
    this.streams = streams;
    this.watch = watch;
    this.grace = grace;
  }

  @Override
  public void run() {
    ExitStatus status;
    try {
      status = untilItEnds();
      io.dropInput();
      rest();
    } catch (IOException | RuntimeException e) {
      LOG.warn("process {} is given up: {}", process.child().pid(), e.getMessage(), e);
      process.child().signalGroup(SIGKILL);
      status = new ExitStatus.Failed(255, "the agent lost the process: " + e.getMessage());
    } finally {
      io.close();
      process.wakeup().close();
    }
    process.child().close();
    watch.ended(status);
    streams.ended(status);
  }

  private ExitStatus untilItEnds() throws IOException {
    while (true) {
      poll.clear();
      int woken = poll.reading(process.wakeup().fd());
      int end = process.child().pidFd().map(poll::reading).orElse(-1);
      int out = io.output().map(poll::reading).orElse(-1);
      int err = io.error().map(poll::reading).orElse(-1);
      int in = io.fullInput().map(poll::writing).orElse(-1);
      poll.await(timeout());
      if (poll.ready(woken)) {
        process.wakeup().taken();
      }
      if (poll.ready(out)) {
        readOnce(io.output(), false);
      }
      if (poll.ready(err)) {
        readOnce(io.error(), true);
      }
      if (poll.ready(in)) {
        io.inputHasRoom();
        streams.inputWanted();
      }
      if (process.closing()) {
        hangUp();
      }
      if (end < 0 || poll.ready(end)) {
        if (end >= 0 && hungUp && !io.isTerminal()) {
          // Before the end is taken note of: until then the group's number cannot be another's.
          process.child().signalGroup(SIGKILL);
        }
        Optional<ExitStatus> status = process.child().ended();
        if (status.isPresent()) {
          return status.get();
        }
      }
    }
  }

  private int timeout() {
    long now = System.nanoTime();
    long most = process.child().pidFd().isPresent() ? Long.MAX_VALUE : WITHOUT_PIDFD_MILLIS;
    if (hungUp && !killed) {
      most = Math.min(most, Math.max(0, (killAt - now) / 1_000_000 + 1));
    }
    return most == Long.MAX_VALUE ? -1 : (int) most;
  }

  private void hangUp() {
    if (!hungUp) {
      hungUp = true;
      killAt = System.nanoTime() + grace.toNanos();
      io.hangUp();
      process.child().signalGroup(io.isTerminal() ? SIGHUP : SIGTERM);
      streams.inputWanted();
    } else if (!killed && System.nanoTime() - killAt >= 0) {
      killed = true;
      process.child().signalGroup(SIGKILL);
    }
  }

  /** Reads once and hands it on; says how many bytes, or END or NOTHING_NOW. */
  private int readOnce(Optional<Fd> from, boolean error) throws IOException {
    if (from.isEmpty()) {
      return Fd.END;
    }
    int count = from.get().read(memory, BUFFER);
    if (count == Fd.END) {
      closeOutput(from.get());
    } else if (count > 0) {
      if (count > BUFFER / 2 && !error) {
        io.growOutput();
      }
      deliver(count, error);
    }
    return count;
  }

  private void closeOutput(Fd fd) {
    if (io.isTerminal()) {
      // Its input is the same descriptor.
      io.close();
    } else {
      fd.close();
    }
  }

  private void deliver(int count, boolean error) {
    if (hungUp) {
      return;
    }
    buffer.clear().limit(count);
    try {
      if (error) {
        streams.stderr(buffer);
      } else {
        streams.stdout(buffer);
      }
    } catch (IOException | InterruptedException e) {
      // Nobody listens any more.
      process.close();
      hangUp();
    }
  }

  /**
   * What the process left in its pipes is delivered whole. What its heirs, who hold them open, say
   * later is heard for a moment only, or a background process would keep the session for ever.
   */
  private void rest() throws IOException {
    long end = System.nanoTime() + HEIRS_NANOS;
    int owedOut = io.output().map(Fd::waiting).orElse(0);
    int owedErr = io.error().map(Fd::waiting).orElse(0);
    while (io.output().isPresent() || io.error().isPresent()) {
      boolean late = System.nanoTime() - end >= 0;
      int out = late && owedOut <= 0 ? end(io.output()) : readOnce(io.output(), false);
      int err = late && owedErr <= 0 ? end(io.error()) : readOnce(io.error(), true);
      owedOut = out == Fd.NOTHING_NOW ? 0 : owedOut - Math.max(out, 0);
      owedErr = err == Fd.NOTHING_NOW ? 0 : owedErr - Math.max(err, 0);
      if (out <= 0 && err <= 0 && !late) {
        poll.clear();
        io.output().ifPresent(poll::reading);
        io.error().ifPresent(poll::reading);
        poll.await((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
      }
    }
  }

  private int end(Optional<Fd> fd) {
    fd.ifPresent(this::closeOutput);
    return Fd.END;
  }
}
