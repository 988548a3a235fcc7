package io.lifeline.runtime.oci.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The agent's tmpfs, as far as containers are concerned. The worker sees the same files under
 * another path, and that is the one a runtime has to be told.
 */
public final class State {

  private final Path root;
  private final Path state;
  // Two instances of this bundle may share the directory for a while: they must not meet.
  private final AtomicLong next = new AtomicLong(System.nanoTime() & 0xffffff);

  /**
   * @param root where this process sees the worker's root directory
   * @param state where it sees the tmpfs
   * @throws IOException when the tmpfs is not below the root: then the worker does not see it
   */
  public State(Path root, Path state) throws IOException {
    if (!state.startsWith(root)) {
      throw new IOException(
          "the agent's state directory %s is not below the worker's root %s: the worker's container runtime could not see it"
              .formatted(state, root));
    }
    this.root = root;
    this.state = state;
  }

  public Path root() {
    return root;
  }

  public Path directory() {
    return state;
  }

  /** The worker's name for a path of ours. */
  public String worker(Path ours) {
    return "/" + root.relativize(ours);
  }

  /** The directory of each container. */
  Path containers() {
    return state.resolve("containers");
  }

  Path container(String id) {
    return containers().resolve(id);
  }

  /** The runtimes' own state ({@code --root}). */
  Path runtime() {
    return state.resolve("runtime");
  }

  /** Short, because a socket's path is at most 107 bytes long. */
  Path console(String name) throws IOException {
    return Files.createDirectories(state.resolve("tty")).resolve(name);
  }

  /** What {@code Worker.recordings()} says: recorded sessions, whoever records them. */
  Path recordings() {
    return state.resolve("recordings");
  }

  /** Names of the processes that somebody waits for: nobody else buries them. */
  public Path awaited() {
    return state.resolve("awaited");
  }

  String nextName() {
    return Long.toString(next.incrementAndGet(), 36);
  }
}
