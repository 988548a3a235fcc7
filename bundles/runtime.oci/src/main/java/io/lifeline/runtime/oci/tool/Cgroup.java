package io.lifeline.runtime.oci.tool;

import io.lifeline.runtime.oci.linux.Signals;
import io.lifeline.session.api.ContainerUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The container's cgroup in every hierarchy. It stands apart from the agent's own, so that the
 * container outlives the agent; and it is how every process of the container is found at its end,
 * also when no runtime works any more.
 */
public final class Cgroup {

  private static final String PARENT = "lifeline";
  // No container's id has a dot.
  private static final String BESIDE = ".exec";
  private static final long LOOK_AGAIN_NANOS = 5_000_000;
  private static final int SIGKILL = 9;

  private final String id;
  private final Path root;

  /**
   * @param root where this process sees the worker's root directory
   */
  public Cgroup(String id, Path root) {
    this.id = id;
    this.root = root;
  }

  /** As an OCI runtime wants it. */
  public static String path(String id) {
    return "/%s/%s".formatted(PARENT, id);
  }

  private List<Path> parents() {
    return CgroupMounts.of(root).all().stream()
        .map(mount -> root.resolve(mount.substring(1)).resolve(PARENT))
        .filter(Files::isDirectory)
        .toList();
  }

  /**
   * Makes a second one beside it, for the thread that starts processes in the container and for
   * those processes. Not in the container's own: a runtime that kills everything in there would
   * kill this whole process along with its one thread.
   *
   * @return the files of cgroup v1 through which a thread joins it; empty where there is only v2,
   *     in which a process cannot be parted
   */
  public List<Path> beside() throws IOException {
    List<Path> tasks = new ArrayList<>();
    for (String mount : CgroupMounts.of(root).old()) {
      Path parent = root.resolve(mount.substring(1)).resolve(PARENT);
      if (Files.isDirectory(parent)) {
        Path own = Files.createDirectories(parent.resolve(id + BESIDE));
        for (String inherited : List.of("cpuset.cpus", "cpuset.mems")) {
          // A cpuset starts empty, and nothing can run in an empty one.
          if (Files.exists(own.resolve(inherited))) {
            Files.writeString(own.resolve(inherited), Files.readString(parent.resolve(inherited)));
          }
        }
        tasks.add(own.resolve("tasks"));
      }
    }
    return tasks;
  }

  /** Moves a process into it, where there is only cgroup v2. */
  public void join(int pid) throws IOException {
    for (String mount : CgroupMounts.of(root).unified()) {
      Path own = root.resolve(mount.substring(1)).resolve(PARENT).resolve(id);
      if (Files.isDirectory(own)) {
        Files.writeString(own.resolve("cgroup.procs"), Integer.toString(pid));
      }
    }
  }

  /** Every directory of it, the deepest first. */
  private List<Path> directories() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path parent : parents()) {
      for (String name : List.of(id, id + BESIDE)) {
        Path own = parent.resolve(name);
        if (Files.isDirectory(own)) {
          try (Stream<Path> tree = Files.walk(own)) {
            tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).forEach(all::add);
          } catch (UncheckedIOException e) {
            // A runtime removes it at the same time.
            throw e.getCause();
          }
        }
      }
    }
    return all;
  }

  /** What the processes in it use; those of directories below are counted in it. */
  public Optional<ContainerUsage> usage() {
    List<Path> own =
        parents().stream()
            .flatMap(parent -> Stream.of(parent.resolve(id), parent.resolve(id + BESIDE)))
            .filter(Files::isDirectory)
            .toList();
    return CgroupUsage.of(own);
  }

  /** The processes in it. */
  public Set<Integer> processes() {
    Set<Integer> pids = new LinkedHashSet<>();
    try {
      for (Path directory : directories()) {
        for (String line : Files.readAllLines(directory.resolve("cgroup.procs"))) {
          pids.add(Integer.parseInt(line.strip()));
        }
      }
    } catch (IOException e) {
      // A directory that went away meanwhile; the next look sees the rest.
    }
    pids.remove(0);
    pids.remove((int) ProcessHandle.current().pid());
    return pids;
  }

  /**
   * Kills everything in it and waits.
   *
   * @return what is still there when the time is over: processes that the kernel holds
   */
  public Set<Integer> kill(Duration within) {
    long end = System.nanoTime() + within.toNanos();
    Set<Integer> left = processes();
    while (!left.isEmpty() && System.nanoTime() < end) {
      left.forEach(pid -> Signals.send(pid, SIGKILL));
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      left = processes();
    }
    return left;
  }

  /**
   * Removes it, and the directory above when no other container is in it.
   *
   * @return whether nothing is left of it
   */
  public boolean remove(Duration within) {
    long end = System.nanoTime() + within.toNanos();
    boolean gone = removed();
    while (!gone && System.nanoTime() < end) {
      // The kernel lets go of ended processes a little later.
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      gone = removed();
    }
    for (Path parent : parents()) {
      try {
        Files.deleteIfExists(parent);
      } catch (IOException e) {
        // Another container is in it.
      }
    }
    return gone;
  }

  private boolean removed() {
    try {
      for (Path directory : directories()) {
        Files.deleteIfExists(directory);
      }
      return true;
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
