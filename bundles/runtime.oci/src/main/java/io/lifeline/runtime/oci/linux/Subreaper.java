package io.lifeline.runtime.oci.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.File;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Makes this process the parent of what its descendants leave behind (prctl(2),
 * PR_SET_CHILD_SUBREAPER), so that the end of a process that a container runtime started can be
 * waited for; and buries those that nobody waits for.
 */
public final class Subreaper {

  private static final int PR_SET_CHILD_SUBREAPER = 36;
  // siginfo_t
  private static final int INFO = 128;
  private static final int P_ALL = 0;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;

  private final IntPredicate awaited;
  private Map<Integer, Long> seen = Map.of();

  /**
   * @param awaited whether somebody waits for a process: those are left to him
   */
  public Subreaper(IntPredicate awaited) {
    this.awaited = awaited;
  }

  /** From now on orphans among the descendants become children of this process. */
  public static void adopt() throws SystemCallException {
    if (LibC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) {
      throw SystemCallException.last("prctl PR_SET_CHILD_SUBREAPER");
    }
  }

  /**
   * Buries every ended child that was already there at the last look and that nobody awaits. Two
   * looks, because whoever started a process of his own (the JDK does) comes for it at once. Call
   * it every few seconds.
   */
  public synchronized void look() {
    if (!anyEnded()) {
      seen = Map.of();
      return;
    }
    Map<Integer, Long> ended = new HashMap<>();
    int self = (int) ProcessHandle.current().pid();
    String[] names = new File("/proc").list((dir, name) -> Character.isDigit(name.charAt(0)));
    for (String name : names == null ? new String[0] : names) {
      ProcessStat.of(Integer.parseInt(name))
          .filter(stat -> stat.parent() == self && stat.state() == 'Z')
          .filter(stat -> !awaited.test(stat.pid()))
          .ifPresent(stat -> ended.put(stat.pid(), stat.startTicks()));
    }
    Map<Integer, Long> before = seen;
    ended
        .entrySet()
        .removeIf(
            entry -> entry.getValue().equals(before.get(entry.getKey())) && bury(entry.getKey()));
    seen = ended;
  }

  private static boolean bury(int pid) {
    return LibC.wait4(pid, new int[1], WNOHANG, null) == pid;
  }

  /** Whether this process has children at all. */
  public static boolean hasChildren() {
    return LibC.waitid(P_ALL, 0, new Memory(INFO), WNOHANG | WEXITED | WNOWAIT) == 0
        || Native.getLastError() != LibC.ECHILD;
  }

  private static boolean anyEnded() {
    Memory info = new Memory(INFO);
    info.clear();
    // On 64-bit Linux si_pid stands at 16; 0 means that no child has ended.
    return LibC.waitid(P_ALL, 0, info, WNOHANG | WEXITED | WNOWAIT) == 0 && info.getInt(16) != 0;
  }
}
