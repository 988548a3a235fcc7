package io.lifeline.session.api;

import java.util.Optional;

/** Creates the debug container from the worker's own binaries. */
public interface ContainerRuntime {

  /**
   * Name, version and path of the runtime in use, for people: {@code runc 1.1.5 (/usr/sbin/runc)}.
   */
  String description();

  /**
   * Builds the root filesystem and starts the container. Blocks until its main process runs.
   *
   * @throws ContainerException when a binary is missing or no runtime works; the message names each
   *     that was tried and what it answered
   */
  DebugContainer create(ContainerSpec spec) throws ContainerException;

  /** The container that an earlier life of this agent created, if it is still there. */
  Optional<DebugContainer> find(String id);
}
