package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** {@code session:list}: the live sessions. */
@Service
@Command(scope = "session", name = "list", description = "The live sessions. Example: session:list")
public final class SessionListCommand implements Action {

  @Reference private SessionEngine engine;

  @Reference private Session shell;

  @Override
  public Object execute() {
    PrintStream out = shell.getConsole();
    out.printf("%-12s %-8s %-8s %-4s %-20s %s%n", "ID", "DOOR", "AGE", "TTY", "WHO", "COMMAND");
    for (SessionInfo session : engine.sessions()) {
      out.printf(
          "%-12s %-8s %-8s %-4s %-20s %s%n",
          session.id(),
          session.door(),
          session.age().toMinutes() + "m" + session.age().toSecondsPart() + "s",
          session.tty() ? "yes" : "no",
          session.who(),
          String.join(" ", session.command()));
    }
    return "";
  }
}
