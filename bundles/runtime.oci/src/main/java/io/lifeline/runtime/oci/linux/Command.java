package io.lifeline.runtime.oci.linux;

import java.util.List;

/**
 * A program to start: its path in the mount namespace it is started in, argv, and its three
 * standard descriptors. It gets no other descriptor, a session of its own, default signal actions
 * and nothing of this process's environment.
 *
 * @param arguments argv, from argv[0]
 * @param environment {@code NAME=value}
 */
public record Command(
    String path, List<String> arguments, List<String> environment, Fd stdin, Fd stdout, Fd stderr) {

  public Command {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }
}
