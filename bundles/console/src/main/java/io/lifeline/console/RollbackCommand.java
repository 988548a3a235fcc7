package io.lifeline.console;

import io.lifeline.node.api.AgentUpgrade;
import java.io.PrintStream;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code lifeline:rollback}: puts back what ran before the last upgrade. */
@Service
@Command(
    scope = "lifeline",
    name = "rollback",
    description =
        "Puts back what ran before the last upgrade, in the same way. Example: lifeline:rollback")
public final class RollbackCommand extends Shown {

  private static final int NAME = 10;

  @Reference(optional = true)
  @Nullable AgentUpgrade upgrade;

  @Override
  void show(PrintStream out) throws Exception {
    Table.facts(out, NAME, "runs", upgrade().rollback());
  }

  @Override
  Object json() throws Exception {
    return Map.of("runs", upgrade().rollback());
  }

  private AgentUpgrade upgrade() {
    return Wanted.of(upgrade, AgentUpgrade.class);
  }
}
