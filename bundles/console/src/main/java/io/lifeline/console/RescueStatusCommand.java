package io.lifeline.console;

import io.lifeline.node.api.Rescue;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** {@code rescue:status}: what the agent does now. */
@Service
@Command(
    scope = "rescue",
    name = "status",
    description = "What the agent does now. Example: rescue:status")
public final class RescueStatusCommand implements Action {

  @Reference private Rescue rescue;

  @Reference private Session shell;

  @Override
  public Object execute() {
    PrintStream out = shell.getConsole();
    out.printf("phase   %s (%s)%n", rescue.phase(), rescue.phase().sentence());
    out.printf("now     %s%n", rescue.sentence());
    return "";
  }
}
