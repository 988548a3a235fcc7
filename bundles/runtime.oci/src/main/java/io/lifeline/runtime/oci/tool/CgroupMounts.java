package io.lifeline.runtime.oci.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the worker has its cgroup hierarchies, by the mount table of its first process.
 *
 * @param old mount points of cgroup v1, the worker's paths
 * @param unified mount points of cgroup v2
 */
public record CgroupMounts(List<String> old, List<String> unified) {

  public CgroupMounts {
    old = List.copyOf(old);
    unified = List.copyOf(unified);
  }

  /**
   * Reads the mount table.
   *
   * @param root where this process sees the worker's root: {@code /}, or {@code /proc/<pid>/root}
   */
  public static CgroupMounts of(Path root) {
    Path table =
        root.endsWith("root") && root.startsWith("/proc")
            ? root.resolveSibling("mountinfo")
            : Path.of("/proc/self/mountinfo");
    try {
      return parse(Files.readAllLines(table));
    } catch (IOException e) {
      // Without it nothing is hidden from a runtime, and it is the one to say what is wrong.
      return new CgroupMounts(List.of(), List.of());
    }
  }

  static CgroupMounts parse(List<String> lines) {
    List<String> old = new ArrayList<>();
    List<String> unified = new ArrayList<>();
    for (String line : lines) {
      // "36 35 98:0 /root /mount/point rw,noatime shared:1 - type source options"; see proc(5).
      String[] parts = line.split(" - ", 2);
      String[] before = parts[0].split(" ", -1);
      if (parts.length == 2 && before.length > 4) {
        if (parts[1].startsWith("cgroup ")) {
          old.add(before[4]);
        } else if (parts[1].startsWith("cgroup2 ")) {
          unified.add(before[4]);
        }
      }
    }
    return new CgroupMounts(old, unified);
  }

  List<String> all() {
    List<String> all = new ArrayList<>(old);
    all.addAll(unified);
    return all;
  }

  /** The unified hierarchy's mount point, where it stands beside the old ones (hybrid). */
  Optional<String> unifiedBesideOthers() {
    return old.isEmpty() ? Optional.empty() : unified.stream().findFirst();
  }

  /**
   * Whether the controllers that matter are in the old hierarchies, where a single thread may be in
   * another cgroup than its process.
   */
  public boolean threadsAreFree(Path root) {
    return !old.isEmpty()
        && unified.stream()
            .map(mount -> root.resolve(mount.substring(1)).resolve("cgroup.controllers"))
            .noneMatch(CgroupMounts::controlsMemory);
  }

  private static boolean controlsMemory(Path controllers) {
    try {
      return Files.readString(controllers).contains("memory");
    } catch (IOException e) {
      return false;
    }
  }
}
