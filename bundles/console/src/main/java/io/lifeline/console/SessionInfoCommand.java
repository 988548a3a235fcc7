package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code session:info}: everything that is known of one session. */
@Service
@Command(
    scope = "session",
    name = "info",
    description = "Everything that is known of one session. Example: session:info amber-7")
public final class SessionInfoCommand extends Shown {

  private static final int NAME = 12;

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Argument(
      name = "id",
      description = "the session's id, as session:list shows it",
      required = true)
  @Completion(SessionCompleter.class)
  String id = "";

  @Override
  void show(PrintStream out) {
    SessionText.json(session())
        .forEach((name, value) -> Table.facts(out, NAME, name, value.toString()));
  }

  @Override
  Object json() {
    return SessionText.json(session());
  }

  private SessionInfo session() {
    return engine().session(id).orElseThrow(() -> new UnknownSessionException(id));
  }

  private SessionEngine engine() {
    return Wanted.of(engine, SessionEngine.class);
  }
}
