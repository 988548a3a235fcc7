package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code session:say}: a line on every terminal. */
@Service
@Command(
    scope = "session",
    name = "say",
    description = "Writes a line on every terminal. Example: session:say the disk is back")
public final class SessionSayCommand implements Action {

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Argument(name = "text", description = "what to say", required = true, multiValued = true)
  List<String> text = List.of();

  @Override
  public @Nullable Object execute() {
    engine().broadcast("console: " + String.join(" ", text));
    return null;
  }

  private SessionEngine engine() {
    return Wanted.of(engine, SessionEngine.class);
  }
}
