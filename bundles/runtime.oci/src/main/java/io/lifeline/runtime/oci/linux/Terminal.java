package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import io.lifeline.session.api.TerminalSize;

/** The master side of a pseudo-terminal. */
public final class Terminal {

  private static final long TIOCGPGRP = 0x540F;
  private static final long TIOCSWINSZ = 0x5414;

  private Terminal() {}

  /** Sets the size; the foreground group hears of it (SIGWINCH). */
  public static void resize(Fd master, TerminalSize size) {
    Memory cells = new Memory(8);
    cells.setShort(0, (short) size.rows());
    cells.setShort(2, (short) size.columns());
    cells.setInt(4, 0);
    LibC.ioctl(master.number(), TIOCSWINSZ, cells);
  }

  /** Sends a signal to the foreground process group, if there is one. */
  public static void signalForeground(Fd master, int signal) {
    Memory group = new Memory(4);
    if (LibC.ioctl(master.number(), TIOCGPGRP, group) == 0 && group.getInt(0) > 1) {
      LibC.kill(-group.getInt(0), signal);
    }
  }
}
