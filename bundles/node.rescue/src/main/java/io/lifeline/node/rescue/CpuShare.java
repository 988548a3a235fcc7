package io.lifeline.node.rescue;

import io.lifeline.node.api.RescuePhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent gets of the worker's processors while others want them all. Its pod asks for a
 * hundredth of one, which is plenty until a rescue; and a worker whose pods take everything is one
 * of those that are not Ready. So while a rescue runs, the agent's cgroup and those around it, up
 * to the one of all pods, weigh as much as a pod that asks for one processor; and each weighs at
 * least what is in it, as the kubelet counts. A kubelet that comes back does not mind: it sets its
 * own values again.
 *
 * <p>An agent that runs without a pod weighs enough, and is left alone. What was changed is noted
 * on the tmpfs, for the agent's next life to undo. One thread at a time.
 */
final class CpuShare {

  private static final Logger LOG = LoggerFactory.getLogger(CpuShare.class);

  /** Once in the name of the cgroup of all pods, and of those below it with systemd. */
  private static final String PODS = "kubepods";

  private static final String SHARES = "cpu.shares";
  private static final String WEIGHT = "cpu.weight";

  private final Path root;
  private final Path own;
  private final Path changes;
  private final int shares;

  /**
   * @param root where this process sees the worker's root directory
   * @param own this process's list of its cgroups, see cgroups(7)
   * @param changes where to note what was changed
   * @param shares what to weigh, 1024 for each processor; 0 changes nothing
   */
  CpuShare(Path root, Path own, Path changes, int shares) {
    this.root = root;
    this.own = own;
    this.changes = changes;
    this.shares = shares;
  }

  /** One cgroup's weight: the file, and what it held and holds. */
  private record Change(Path file, long before, long after) {

    static Change parse(String line) {
      String[] words = line.split(" ", 3);
      return new Change(Path.of(words[2]), Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    @Override
    public String toString() {
      return before + " " + after + " " + file;
    }

    void undo() throws IOException {
      if (Files.exists(file) && read(file) == after) {
        write(file, before);
      }
    }
  }

  /** Weighs what the phase needs. */
  void follow(RescuePhase phase) {
    try {
      if (phase == RescuePhase.WATCHING) {
        restore();
      } else if (shares > 0) {
        raise();
      }
    } catch (IOException | RuntimeException e) {
      LOG.info("what the agent gets of busy processors stays as it is: {}", e.toString());
    }
  }

  private void raise() throws IOException {
    List<String> noted = noted();
    int before = noted.size();
    for (Path file : files()) {
      long now = read(file);
      long wanted = Math.max(weight(file), inside(file));
      if (now < wanted) {
        Change change = new Change(file, now, wanted);
        noted.add(change.toString());
        Files.write(changes, noted);
        write(file, wanted);
      }
    }
    if (noted.size() > before) {
      LOG.info(
          "until the rescue ends the agent's pod weighs as one that asks for {} m of CPU",
          1000L * shares / 1024);
    }
  }

  private void restore() throws IOException {
    for (String line : noted()) {
      Change.parse(line).undo();
    }
    Files.deleteIfExists(changes);
  }

  private List<String> noted() throws IOException {
    return Files.exists(changes) ? new ArrayList<>(Files.readAllLines(changes)) : new ArrayList<>();
  }

  /** The weights of this process's cgroup and of those around it, the innermost first. */
  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String line : Files.readAllLines(own)) {
      String[] parts = line.split(":", 3);
      boolean unified = parts[1].isEmpty();
      if (unified || List.of(parts[1].split(",")).contains("cpu")) {
        Path mount = root.resolve("sys/fs/cgroup").resolve(parts[1]);
        Path cgroup = Path.of(parts[2]);
        for (int depth = cgroup.getNameCount(); depth > allPods(cgroup); depth--) {
          Path directory = mount.resolve(cgroup.subpath(0, depth));
          Path file = directory.resolve(unified ? WEIGHT : SHARES);
          if (Files.exists(file)) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  /** How deep the cgroup of all pods is; as deep as the process's own when it is in no pod. */
  private static int allPods(Path cgroup) {
    int depth = 0;
    for (Path name : cgroup) {
      depth++;
      if (name.toString().contains(PODS)) {
        return depth;
      }
    }
    return depth;
  }

  /** What all cgroups right below weigh together. */
  private static long inside(Path file) throws IOException {
    long sum = 0;
    try (Stream<Path> below = Files.list(file.resolveSibling("."))) {
      for (Path one :
          below.map(child -> child.resolve(file.getFileName())).filter(Files::exists).toList()) {
        sum += read(one);
      }
    }
    return sum;
  }

  /** As runc makes a weight of cgroup v2 of shares. */
  private long weight(Path file) {
    return file.endsWith(WEIGHT) ? 1 + (shares - 2L) * 9999 / 262142 : shares;
  }

  private static long read(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).strip());
  }

  private static void write(Path file, long value) throws IOException {
    Files.writeString(file, Long.toString(value));
  }
}
