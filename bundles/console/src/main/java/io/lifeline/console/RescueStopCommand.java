package io.lifeline.console;

import io.lifeline.node.api.Rescue;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** {@code rescue:stop}: ends the rescue that runs; everybody at a terminal is told why. */
@Service
@Command(
    scope = "rescue",
    name = "stop",
    description =
        "Ends the rescue that runs; the terminals are told why. Example: rescue:stop \"the machine"
            + " is replaced\"")
public final class RescueStopCommand implements Action {

  @Reference(optional = true)
  @Nullable Rescue rescue;

  @Reference Session shell;

  @Argument(name = "why", description = "told to everybody at a terminal", required = true)
  String why = "";

  @Override
  public Object execute() {
    rescue().stop(why);
    shell.getConsole().println("asked to stop; rescue:status tells how far it is");
    return "";
  }

  private Rescue rescue() {
    return Wanted.of(rescue, Rescue.class);
  }
}
