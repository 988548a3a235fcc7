package io.lifeline.runtime.oci.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The worker's namespaces, as far as this process is in others: an agent in a pod sees the worker
 * through {@code /proc/1/root}, and a container runtime has to run where its paths are true.
 */
public final class Namespaces implements Closeable {

  private static final int USUAL_UMASK = 022;
  private static final int CLONE_FS = 0x200;
  private static final int CLONE_NEWNS = 0x20000;
  private static final long MS_REC = 0x4000;
  private static final long MS_SLAVE = 0x80000;
  private static final int MNT_DETACH = 2;
  private static final Pattern ROOT_OF_A_PROCESS = Pattern.compile("/proc/(\\d+)/root/?");
  // The mount namespace last: after it, /proc may be another's. The pid namespace is not entered:
  // the numbers that a runtime writes down must be ours.
  private static final List<String> KINDS = List.of("cgroup", "ipc", "uts", "net", "mnt");

  private final List<Fd> entered;
  private final Optional<String> hidden;
  private final List<Path> tasks;

  private Namespaces(List<Fd> entered, Optional<String> hidden, List<Path> tasks) {
    this.entered = entered;
    this.hidden = hidden;
    this.tasks = List.copyOf(tasks);
  }

  /**
   * The namespaces of the worker whose root directory this process sees at a path; none when that
   * is {@code /}.
   *
   * @param hidden a mount point that is taken away first, in a private copy of the mount namespace
   */
  public static Namespaces of(Path root, Optional<String> hidden) throws IOException {
    Matcher matcher = ROOT_OF_A_PROCESS.matcher(root.toString());
    return new Namespaces(
        matcher.matches() ? others(matcher.group(1)) : List.of(), hidden, List.of());
  }

  /**
   * Those of a container's main process, and its cgroups.
   *
   * @param tasks the files of cgroup v1 through which a single thread joins a cgroup
   */
  public static Namespaces ofProcess(int pid, List<Path> tasks) throws IOException {
    return new Namespaces(others(Integer.toString(pid)), Optional.empty(), tasks);
  }

  private static List<Fd> others(String pid) throws IOException {
    List<Fd> others = new ArrayList<>();
    for (String kind : KINDS) {
      Path its = Path.of("/proc", pid, "ns", kind);
      if (differs(its, Path.of("/proc/self/ns", kind))) {
        others.add(Fd.openToRead(its.toString()));
      }
    }
    return others;
  }

  private static boolean differs(Path its, Path ours) throws IOException {
    return !Files.readSymbolicLink(its).equals(Files.readSymbolicLink(ours));
  }

  /** Takes the calling thread there, for good. */
  void enter() throws IOException {
    for (Path file : tasks) {
      // Zero is whoever writes it; while its files are still ours.
      Files.writeString(file, "0");
    }
    if (entered.isEmpty() && hidden.isEmpty()) {
      return;
    }
    // Threads share their root and working directory until told otherwise, and setns(2) refuses.
    check("unshare CLONE_FS", LibC.unshare(CLONE_FS));
    LibC.umask(USUAL_UMASK);
    for (Fd namespace : entered) {
      check("setns", LibC.setns(namespace.number(), 0));
    }
    if (hidden.isPresent()) {
      check("unshare CLONE_NEWNS", LibC.unshare(CLONE_NEWNS));
      check("mount / as slave", LibC.mount("none", "/", null, MS_REC | MS_SLAVE, null));
      check("umount2 " + hidden.get(), LibC.umount2(hidden.get(), MNT_DETACH));
    }
  }

  private static void check(String call, int result) throws SystemCallException {
    if (result < 0) {
      throw SystemCallException.last(call);
    }
  }

  @Override
  public void close() {
    entered.forEach(Fd::close);
  }
}
