package io.lifeline.runtime.oci.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor that is closed once. Reading and writing are for whoever sees to it that
 * nobody closes it meanwhile.
 */
public final class Fd implements Closeable {

  /** What {@link #read} says when there is nothing now. */
  public static final int NOTHING_NOW = -1;

  /** What {@link #read} says at the end; a terminal whose last user has gone is at its end. */
  public static final int END = 0;

  private static final long PIDFD_OPEN = 434;
  private static final long PIDFD_GETFD = 438;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_DUPFD_CLOEXEC = 1030;

  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  Fd(int number) {
    this.number = number;
  }

  /** Opens a device or file for reading and writing. */
  public static Fd open(String path) throws SystemCallException {
    return of("open " + path, LibC.open(path, LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC));
  }

  /** Opens a file for reading. */
  public static Fd openToRead(String path) throws SystemCallException {
    return of("open " + path, LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC));
  }

  /**
   * What another process has open, as a descriptor of this one (pidfd_getfd(2), Linux 5.6).
   *
   * @param number its number there
   */
  public static Fd ofProcess(int pid, int number) throws SystemCallException {
    try (Fd process = of("pidfd_open", (int) LibC.syscall(PIDFD_OPEN, pid, 0, 0))) {
      return of("pidfd_getfd", (int) LibC.syscall(PIDFD_GETFD, process.number(), number, 0));
    }
  }

  /** Another descriptor for the same, closed by itself. */
  public Fd duplicate() throws SystemCallException {
    return of("fcntl F_DUPFD_CLOEXEC", LibC.fcntl(number, F_DUPFD_CLOEXEC, 3));
  }

  static Fd of(String call, int result) throws SystemCallException {
    if (result < 0) {
      throw SystemCallException.last(call);
    }
    return new Fd(result);
  }

  int number() {
    return number;
  }

  public boolean isClosed() {
    return closed.get();
  }

  /** Reads and writes on this description return at once from now on. */
  public Fd nonBlocking() throws SystemCallException {
    int flags = LibC.fcntl(number, F_GETFL, 0);
    if (flags < 0 || LibC.fcntl(number, F_SETFL, flags | LibC.O_NONBLOCK) < 0) {
      throw SystemCallException.last("fcntl F_SETFL");
    }
    return this;
  }

  /**
   * Lets a pipe hold so many bytes; a new one holds 64 KiB. They are the kernel's memory, taken
   * only while they wait, but they count for its limit of what all pipes of a user may hold.
   *
   * @return whether it does: not when it is no pipe, or the limit is reached
   */
  public boolean holding(int bytes) {
    return LibC.fcntl(number, LibC.F_SETPIPE_SZ, bytes) >= 0;
  }

  /** How many bytes were read, {@link #END} or {@link #NOTHING_NOW}. */
  public int read(Pointer buffer, int most) throws SystemCallException {
    while (true) {
      long count = LibC.read(number, buffer, most);
      if (count >= 0) {
        return (int) count;
      }
      switch (Native.getLastError()) {
        case LibC.EINTR -> {}
        case LibC.EAGAIN -> {
          return NOTHING_NOW;
        }
        case LibC.EIO -> {
          return END;
        }
        default -> throw SystemCallException.last("read");
      }
    }
  }

  /** How many bytes were written, or {@link #NOTHING_NOW} when it is full. */
  public int write(Pointer buffer, int count) throws SystemCallException {
    while (true) {
      long written = LibC.write(number, buffer, count);
      if (written >= 0) {
        return (int) written;
      }
      switch (Native.getLastError()) {
        case LibC.EINTR -> {}
        case LibC.EAGAIN -> {
          return NOTHING_NOW;
        }
        default -> throw SystemCallException.last("write");
      }
    }
  }

  /** How many bytes wait to be read; 0 where the kernel does not say. */
  public int waiting() {
    com.sun.jna.Memory count = new com.sun.jna.Memory(4);
    return LibC.ioctl(number, 0x541B /* FIONREAD */, count) < 0 ? 0 : count.getInt(0);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      // A failing close has closed it all the same on Linux.
      LibC.close(number);
    }
  }
}
