package io.lifeline.session.api;

import java.util.List;
import java.util.Map;

/**
 * The debug container to create.
 *
 * @param id the container's id for the runtime; at most 64 of {@code [a-z0-9-]}
 * @param hostname what the shell's prompt shows
 * @param command the main process; empty means {@code sleep infinity}, or a shell when tty
 * @param environment further variables of the main process and of every exec
 * @param rootMountPath where the worker's {@code /} is mounted, for instance {@code /host}
 * @param tty whether the main process has a terminal
 * @param input what the main process has as its input
 */
public record ContainerSpec(
    String id,
    String hostname,
    List<String> command,
    Map<String, String> environment,
    String rootMountPath,
    boolean tty,
    ContainerInput input) {

  public ContainerSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
