package io.lifeline.console;

import io.lifeline.node.api.Rescue;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code rescue:history}: the last 64 steps, oldest first. */
@Service
@Command(
    scope = "rescue",
    name = "history",
    description = "The last 64 steps of the story, oldest first. Example: rescue:history")
public final class RescueHistoryCommand extends Shown {

  // A time and the longest phase.
  private static final int NAME = 40;

  @Reference(optional = true)
  @Nullable Rescue rescue;

  @Override
  void show(PrintStream out) {
    for (Rescue.Step step : rescue().history()) {
      Table.facts(
          out,
          NAME,
          "%s %s".formatted(step.at().truncatedTo(ChronoUnit.SECONDS), step.phase()),
          step.sentence());
    }
  }

  @Override
  Object json() {
    return rescue().history().stream()
        .map(
            step ->
                Map.<String, Object>of(
                    "at", step.at(), "phase", step.phase(), "sentence", step.sentence()))
        .toList();
  }

  private Rescue rescue() {
    return Wanted.of(rescue, Rescue.class);
  }
}
