package io.lifeline.console;

import io.lifeline.crd.NodeDebugDesk;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** {@code nodedebug:approve}: a person lets a rescue go on, on the operator. */
@Service
@Command(
    scope = "nodedebug",
    name = "approve",
    description =
        "Approves the certificate request of a NodeDebug, in the operator's name; 'kubectl"
            + " certificate approve' does it in your own. Example: nodedebug:approve w2")
public final class NodedebugApproveCommand implements Action {

  @Reference(optional = true)
  @Nullable NodeDebugDesk desk;

  @Reference Session shell;

  @Argument(
      name = "name",
      description = "the NodeDebug's name, as nodedebug:list shows it",
      required = true)
  @Completion(NodeDebugCompleter.class)
  String name = "";

  @Override
  public @Nullable Object execute() {
    String request = desk().approve(name, Person.at(shell).name());
    shell.getConsole().println(request + " is approved");
    return null;
  }

  private NodeDebugDesk desk() {
    return Wanted.of(desk, NodeDebugDesk.class);
  }
}
