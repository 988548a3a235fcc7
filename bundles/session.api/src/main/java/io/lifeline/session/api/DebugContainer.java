package io.lifeline.session.api;

import java.util.Optional;

/**
 * The running debug container: the three verbs of the kubelet's runtime seam, and its end.
 *
 * <p>Any thread. {@link #exec} blocks for as long as the runtime takes to start the process.
 */
public interface DebugContainer {

  String id();

  /** Empty while the main process runs. */
  Optional<ExitStatus> ended();

  /**
   * Starts a process beside the main one. {@link SessionStreams#ended} is called exactly once, also
   * with {@link ExitStatus.Failed} when the command cannot be started.
   *
   * @throws ContainerException when there is no container to start it in
   */
  ContainerProcess exec(ProcessSpec process, SessionStreams streams) throws ContainerException;

  /**
   * Joins the main process: its output from now on, and its input when it has one. On a terminal
   * the last lines come first, or who joins a shell would see no prompt.
   *
   * <p>Who attaches stays until the process ends, or {@link ContainerProcess#close}; also when
   * {@link ContainerProcess#closeStdin} has said that no more input comes from there. What that one
   * does to the process is for {@link ContainerInput} to say.
   */
  ContainerProcess attach(SessionStreams streams) throws ContainerException;

  /**
   * From now on the terminal of this process, which {@link #exec} gave, outlives the agent: its
   * next life finds both under this name. Nothing when the process has none, or has ended. Blocks
   * for a moment.
   *
   * @param name letters, digits and hyphens
   * @throws ContainerException when it cannot be had here; the process is what it was
   */
  default void keep(ContainerProcess process, String name) throws ContainerException {}

  /**
   * A process that an earlier life of the agent left under this name, with its terminal; empty when
   * it has ended since. How it ends is not known to this life: {@link SessionStreams#ended} says
   * so.
   *
   * @throws ContainerException when it lives, and its terminal cannot be had
   */
  default Optional<ContainerProcess> kept(String name, SessionStreams streams)
      throws ContainerException {
    return Optional.empty();
  }

  /** What the main process said, as far as the bounded ring holds it; also when it has ended. */
  LogReader logs();

  /** What its processes use now; empty when the kernel does not say. */
  Optional<ContainerUsage> usage();

  /** Calls back once, when the main process has ended; at once if it has. Must not block. */
  void whenEnded(Runnable callback);

  /** Calls that one back no more: whoever asked for it is being replaced. */
  default void forget(Runnable callback) {}

  /**
   * Ends every process and removes the container, its root filesystem and its mounts. Idempotent.
   */
  void delete() throws ContainerException;
}
