package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code session:list}: the live sessions. */
@Service
@Command(
    scope = "session",
    name = "list",
    description = "The live sessions. Example: session:list -o json")
public final class SessionListCommand extends Shown {

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Override
  void show(PrintStream out) {
    Table table = new Table("ID", "DOOR", "SINCE", "IDLE", "SIZE", "STATE", "COMMAND");
    for (SessionInfo session : engine().sessions()) {
      table.row(
          session.id(),
          SessionText.lower(session.door()),
          Table.words(session.age()),
          Table.words(session.idle()),
          SessionText.size(session),
          SessionText.lower(session.state()),
          String.join(" ", session.command()));
    }
    table.print(out);
  }

  @Override
  Object json() {
    return engine().sessions().stream().map(SessionText::json).toList();
  }

  private SessionEngine engine() {
    return Wanted.of(engine, SessionEngine.class);
  }
}
