package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import io.lifeline.session.api.TerminalSize;
import java.nio.file.Path;

/** The master side of a pseudo-terminal. */
public final class Terminal {

  private static final long TIOCGPGRP = 0x540F;
  private static final long TIOCSWINSZ = 0x5414;

  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSPTLCK = 0x40045431L;

  private Terminal() {}

  /**
   * A new terminal of a devpts file system.
   *
   * @param multiplexer its {@code ptmx}
   * @return the master
   */
  public static Fd open(Path multiplexer) throws SystemCallException {
    Fd master = Fd.open(multiplexer.toString());
    Memory unlocked = new Memory(4);
    unlocked.setInt(0, 0);
    if (LibC.ioctl(master.number(), TIOCSPTLCK, unlocked) < 0) {
      SystemCallException failure = SystemCallException.last("ioctl TIOCSPTLCK");
      master.close();
      throw failure;
    }
    return master;
  }

  /** The slave's number, which is its name below {@code /dev/pts}. */
  public static int number(Fd master) throws SystemCallException {
    Memory number = new Memory(4);
    if (LibC.ioctl(master.number(), TIOCGPTN, number) < 0) {
      throw SystemCallException.last("ioctl TIOCGPTN");
    }
    return number.getInt(0);
  }

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
