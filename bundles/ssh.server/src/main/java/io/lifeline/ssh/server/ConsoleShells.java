package io.lifeline.ssh.server;

import io.lifeline.session.api.Console;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionRefusedException;
import io.lifeline.session.api.SessionStreams;
import java.util.List;
import java.util.Optional;

/** The agent's own console, instead of shells in the debug pod. */
record ConsoleShells(Seam<Console> console) implements Shells {

  @Override
  public List<String> command(CommandLine commands, Optional<String> line) {
    return List.of(line.orElse(""));
  }

  @Override
  public Session open(Person person, ProcessSpec process, SessionStreams streams)
      throws SessionRefusedException {
    return console.orRefuse().open(person.identity(), process, streams);
  }
}
