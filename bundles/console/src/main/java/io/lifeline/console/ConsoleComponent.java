package io.lifeline.console;

import io.lifeline.security.api.Identity;
import io.lifeline.session.api.Console;
import io.lifeline.session.api.ProcessSpec;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionStreams;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Karaf's shell for the doors. */
@Component
public final class ConsoleComponent implements Console {

  private final SessionFactory shells;

  @Activate
  public ConsoleComponent(@Reference SessionFactory shells) {
    this.shells = shells;
  }

  @Override
  public Session open(Identity who, ProcessSpec process, SessionStreams streams) {
    ConsoleSession session = new ConsoleSession(shells, who, process, streams);
    session.start();
    return session;
  }
}
