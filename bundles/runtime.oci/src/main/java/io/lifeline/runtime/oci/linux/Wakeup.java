package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import java.io.Closeable;

/** Wakes a thread that polls (eventfd). */
public final class Wakeup implements Closeable {

  private final Fd fd;
  private final Memory value = new Memory(8);
  private final Memory one = new Memory(8);

  public Wakeup() throws SystemCallException {
    fd = Fd.of("eventfd", LibC.eventfd(0, LibC.O_NONBLOCK | LibC.O_CLOEXEC));
    one.setLong(0, 1);
  }

  public Fd fd() {
    return fd;
  }

  /** Any thread. */
  public synchronized void wake() {
    if (!fd.isClosed()) {
      LibC.write(fd.number(), one, 8);
    }
  }

  /** The polling thread takes note. */
  public void taken() throws SystemCallException {
    fd.read(value, 8);
  }

  @Override
  public synchronized void close() {
    fd.close();
  }
}
