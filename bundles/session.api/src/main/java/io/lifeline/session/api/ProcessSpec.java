package io.lifeline.session.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to start in the debug container.
 *
 * @param command program and arguments; not empty
 * @param environment variables beside the container's own
 * @param stdin whether it has an input; without one it reads end-of-file at once
 * @param tty a terminal, whose stdout and stderr are one
 * @param size the terminal's first size, where it is known
 */
public record ProcessSpec(
    List<String> command,
    Map<String, String> environment,
    boolean stdin,
    boolean tty,
    Optional<TerminalSize> size) {

  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a process needs a command");
    }
  }
}
