package io.lifeline.console;

import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerMonitor;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;

/** {@code node:health}: the verdict on the worker, and what each source says. */
@Service
@Command(
    scope = "node",
    name = "health",
    description = "Whether the worker is Ready, and what each source says. Example: node:health")
public final class NodeHealthCommand implements Action {

  @Reference private WorkerMonitor monitor;

  @Reference private Session shell;

  @Override
  public Object execute() {
    WorkerHealth health = monitor.health();
    PrintStream out = shell.getConsole();
    out.printf("verdict            %s%n", health.verdict());
    for (WorkerHealth.Signal signal : health.signals()) {
      out.printf("%-18s %-9s %s%n", signal.source(), signal.verdict(), signal.detail());
    }
    return "";
  }
}
