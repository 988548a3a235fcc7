package io.lifeline.console;

import io.lifeline.node.api.Rescue;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code rescue:status}: what the agent does now. */
@Service
@Command(
    scope = "rescue",
    name = "status",
    description = "What the agent does now. Example: rescue:status -o json")
public final class RescueStatusCommand extends Shown {

  private static final int NAME = 8;

  @Reference(optional = true)
  @Nullable Rescue rescue;

  @Override
  void show(PrintStream out) {
    Table.facts(
        out,
        NAME,
        "phase",
        "%s (%s)".formatted(rescue().phase(), rescue().phase().sentence()),
        "now",
        rescue().sentence());
  }

  @Override
  Object json() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("phase", rescue().phase());
    status.put("now", rescue().sentence());
    return status;
  }

  private Rescue rescue() {
    return Wanted.of(rescue, Rescue.class);
  }
}
