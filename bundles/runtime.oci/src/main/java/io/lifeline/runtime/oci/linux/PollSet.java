package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;

/** What one thread waits for. Filled anew before each wait; for that thread alone. */
public final class PollSet {

  private static final int ENTRY = 8;

  private final Memory entries;
  private int size;

  public PollSet(int most) {
    entries = new Memory((long) most * ENTRY);
  }

  public void clear() {
    size = 0;
  }

  /** Waits until it can be read, or its other end has gone. Returns its place. */
  public int reading(Fd fd) {
    return add(fd.number(), LibC.POLLIN);
  }

  /** Waits until it can be written, or its other end has gone. Returns its place. */
  public int writing(Fd fd) {
    return add(fd.number(), LibC.POLLOUT);
  }

  private int add(int fd, short events) {
    long at = (long) size * ENTRY;
    entries.setInt(at, fd);
    entries.setShort(at + 4, events);
    entries.setShort(at + 6, (short) 0);
    return size++;
  }

  /**
   * Waits.
   *
   * @param millis how long at the most; negative is without a limit
   * @return whether anything is ready
   */
  public boolean await(int millis) throws SystemCallException {
    int ready = LibC.poll(entries, size, millis);
    if (ready < 0) {
      if (Native.getLastError() == LibC.EINTR) {
        return false;
      }
      throw SystemCallException.last("poll");
    }
    return ready > 0;
  }

  /** Whether the entry at a place is ready; a place below zero never is. */
  public boolean ready(int place) {
    return place >= 0 && entries.getShort((long) place * ENTRY + 6) != 0;
  }
}
