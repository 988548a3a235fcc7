package io.lifeline.ssh.server;

import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import java.util.List;
import java.util.Optional;

/** Opens sessions in the debug container. Any thread; blocks while the process starts. */
interface Shells {

  Session open(Person person, ProcessSpec process, SessionStreams streams)
      throws SessionRefusedException, ContainerException;

  /**
   * What runs.
   *
   * @param line what was asked for; empty for a shell
   */
  default List<String> command(CommandLine commands, Optional<String> line) {
    return line.filter(text -> !text.isBlank()).map(commands::of).orElseGet(commands::shell);
  }

  /** What a person should read before anything else; blank for nothing. */
  default String notice(Person person) {
    return "";
  }
}
