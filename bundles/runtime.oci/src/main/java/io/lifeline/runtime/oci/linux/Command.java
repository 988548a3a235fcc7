package io.lifeline.runtime.oci.linux;

import java.util.List;

/**
 * A program to start: where it may be in the mount namespace it is started in, argv, and its three
 * standard descriptors. It gets no other descriptor, a session of its own, default signal actions
 * and nothing of this process's environment.
 *
 * @param paths tried in their order, as execvp(3) does with PATH
 * @param arguments argv, from argv[0]
 * @param environment {@code NAME=value}
 */
public record Command(
    List<String> paths, List<String> arguments, List<String> environment, Streams streams) {

  /** What the program has as descriptors 0, 1 and 2. */
  public sealed interface Streams {

    record Pipes(Fd stdin, Fd stdout, Fd stderr) implements Streams {}

    /**
     * A terminal, which becomes the controlling one of its session.
     *
     * @param path of its slave side, in the mount namespace of the program
     */
    record OnTerminal(String path) implements Streams {}
  }

  public Command {
    paths = List.copyOf(paths);
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  /** The program, for people. */
  String name() {
    return paths.size() == 1 ? paths.get(0) : arguments.get(0);
  }
}
