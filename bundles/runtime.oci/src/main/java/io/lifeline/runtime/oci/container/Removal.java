package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.Signals;
import io.lifeline.runtime.oci.rootfs.Trees;
import io.lifeline.runtime.oci.tool.Cgroup;
import io.lifeline.runtime.oci.tool.ToolException;
import io.lifeline.session.api.ContainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a container away, whatever is left of it. Idempotent. The runtime that created it is asked,
 * but nothing depends on its answer: it may have been broken since.
 */
final class Removal {

  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);
  private static final Duration ENOUGH_TO_DIE = Duration.ofSeconds(5);
  private static final Duration ENOUGH_TO_LET_GO = Duration.ofSeconds(2);
  private static final int SIGKILL = 9;

  private final Means means;
  private final String id;
  private final Optional<ContainerRecord> record;

  Removal(Means means, String id, Optional<ContainerRecord> record) {
    this.means = means;
    this.id = id;
    this.record = record;
  }

  void run() throws ContainerException {
    Path directory = means.state().container(id);
    Path runtime = means.state().runtime().resolve(id);
    Cgroup cgroup = new Cgroup(id, means.state().root());
    // 1. Every process. The mounts go with the last one: they are in its namespace alone.
    record.filter(ContainerRecord::alive).ifPresent(alive -> Signals.send(alive.pid(), SIGKILL));
    Set<Integer> left = cgroup.kill(ENOUGH_TO_DIE);
    // 2. What the runtime knows of it.
    if (Files.exists(runtime)) {
      askRuntime();
    }
    // 3. The cgroup.
    boolean gone = cgroup.remove(ENOUGH_TO_LET_GO);
    // 4. The files.
    try {
      Trees.remove(runtime);
      Trees.remove(directory);
    } catch (IOException e) {
      throw new ContainerException(
          "the files of the debug container %s could not be removed: %s"
              .formatted(id, e.getMessage()),
          e);
    }
    if (!left.isEmpty()) {
      throw new ContainerException(
          "the processes %s of the debug container %s do not die: the kernel holds them, most likely on a disk that hangs. They end when it answers"
              .formatted(left, id));
    }
    if (!gone) {
      throw new ContainerException(
          "the cgroup %s could not be removed: something still runs in it"
              .formatted(Cgroup.path(id)));
    }
  }

  private void askRuntime() {
    if (record.isEmpty()) {
      return;
    }
    try {
      means
          .runner()
          .answer(
              record.get().tool(),
              List.of(
                  "--root",
                  means.state().worker(means.state().runtime()),
                  "delete",
                  "--force",
                  id));
    } catch (ToolException e) {
      LOG.info(
          "{} would not delete the container {}, so it is removed by hand: {}",
          record.get().tool(),
          id,
          e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
