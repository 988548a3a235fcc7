package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** {@code session:end}: hangs a session up. */
@Service
@Command(
    scope = "session",
    name = "end",
    description = "Hangs a session up; its terminal is told. Example: session:end amber-7")
public final class SessionEndCommand implements Action {

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Reference Session shell;

  @Argument(
      name = "id",
      description = "the session's id, as session:list shows it",
      required = true)
  @Completion(SessionCompleter.class)
  String id = "";

  @Override
  public @Nullable Object execute() {
    if (!engine().end(id, Person.at(shell), "ended at the console")) {
      throw new UnknownSessionException(id);
    }
    shell.getConsole().println(id + " is hung up");
    return null;
  }

  private SessionEngine engine() {
    return Wanted.of(engine, SessionEngine.class);
  }
}
