package io.lifeline.console;

import io.lifeline.node.api.WorkerHealth;
import io.lifeline.node.api.WorkerMonitor;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code node:health}: the verdict on the worker, and what each source says. */
@Service
@Command(
    scope = "node",
    name = "health",
    description = "Whether the worker is Ready, and what each source says. Example: node:health")
public final class NodeHealthCommand extends Shown {

  private static final int NAME = 12;
  private static final int SOURCE = 30;

  @Reference(optional = true)
  @Nullable WorkerMonitor monitor;

  @Override
  void show(PrintStream out) {
    WorkerHealth health = monitor().health();
    Table.facts(out, NAME, "verdict", health.verdict().toString(), "why", health.reason());
    for (WorkerHealth.Signal signal : health.signals()) {
      Table.facts(
          out, SOURCE, "  %-18s %s".formatted(signal.source(), signal.verdict()), signal.detail());
    }
  }

  @Override
  Object json() {
    WorkerHealth health = monitor().health();
    List<Map<String, Object>> signals =
        health.signals().stream()
            .map(
                signal ->
                    Map.<String, Object>of(
                        "source", signal.source(),
                        "verdict", signal.verdict(),
                        "detail", signal.detail()))
            .toList();
    return Map.of("verdict", health.verdict(), "reason", health.reason(), "signals", signals);
  }

  private WorkerMonitor monitor() {
    return Wanted.of(monitor, WorkerMonitor.class);
  }
}
