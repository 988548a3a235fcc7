package io.lifeline.runtime.oci.linux;

import com.sun.jna.Native;
import io.lifeline.session.api.ExitStatus;
import java.io.Closeable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process that is a child of this one, or was adopted by it; also one that is not, of which only
 * the end can be seen. Any thread.
 */
public final class Child implements Closeable {

  private static final long PIDFD_OPEN = 434;
  private static final int WNOHANG = 1;
  private static final int ESRCH = 3;

  private final int pid;
  // Absent on kernels before 5.3: the end is then looked for every so often.
  private final @Nullable Fd pidFd;
  // Its own number when it leads a session. crun gives a process without a terminal no session of
  // its own: its group is then that of the crun which started it, and nobody else is in it.
  private final int group;
  private @Nullable ExitStatus status;

  public Child(int pid) {
    this.pid = pid;
    long fd = LibC.syscall(PIDFD_OPEN, pid, 0, 0);
    this.pidFd = fd < 0 ? null : new Fd((int) fd);
    int found = LibC.getpgid(pid);
    this.group = found <= 1 || found == LibC.getpgid(0) ? pid : found;
  }

  public int pid() {
    return pid;
  }

  /** What to poll for its end, where the kernel has it. */
  public Optional<Fd> pidFd() {
    return Optional.ofNullable(pidFd);
  }

  /** How it ended; empty while it runs. */
  public synchronized Optional<ExitStatus> ended() {
    if (status == null) {
      status = look();
    }
    return Optional.ofNullable(status);
  }

  private @Nullable ExitStatus look() {
    int[] word = new int[1];
    int found = LibC.wait4(pid, word, WNOHANG, null);
    if (found == pid) {
      return decode(word[0]);
    }
    if (found == 0 || Native.getLastError() != LibC.ECHILD) {
      return null;
    }
    // Not ours: somebody else hears the status.
    boolean gone = LibC.kill(pid, 0) < 0 && Native.getLastError() == ESRCH;
    return gone || zombie()
        ? new ExitStatus.Failed(
            255, "process %d has ended; how is not known to this agent".formatted(pid))
        : null;
  }

  private boolean zombie() {
    return ProcessStat.of(pid).map(stat -> stat.state() == 'Z' || stat.state() == 'X').orElse(true);
  }

  static ExitStatus decode(int word) {
    int signal = word & 0x7f;
    return signal == 0
        ? new ExitStatus.Exited((word >> 8) & 0xff)
        : new ExitStatus.Signalled(signal);
  }

  /** Sends a signal to the process alone; nothing when it has ended. */
  public synchronized void signal(int signal) {
    if (status == null) {
      LibC.kill(pid, signal);
    }
  }

  /**
   * Sends a signal to its process group; nothing once its end was seen: the number may be taken.
   */
  public synchronized void signalGroup(int signal) {
    if (status == null && LibC.kill(-group, signal) < 0) {
      LibC.kill(pid, signal);
    }
  }

  @Override
  public void close() {
    if (pidFd != null) {
      pidFd.close();
    }
  }
}
