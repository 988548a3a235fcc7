package io.lifeline.console;

import io.lifeline.node.api.Rescue;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** {@code rescue:history}: the last 64 steps, oldest first. */
@Service
@Command(
    scope = "rescue",
    name = "history",
    description = "The last 64 steps of the story, oldest first. Example: rescue:history")
public final class RescueHistoryCommand implements Action {

  @Reference private Rescue rescue;

  @Reference private Session shell;

  @Override
  public Object execute() {
    for (Rescue.Step step : rescue.history()) {
      shell.getConsole().printf("%s  %-17s %s%n", step.at(), step.phase(), step.sentence());
    }
    return "";
  }
}
