package io.lifeline.console;

import io.lifeline.node.api.AgentUpgrade;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code lifeline:versions}: what runs, and what a rollback would put back. */
@Service
@Command(
    scope = "lifeline",
    name = "versions",
    description =
        "Which version of the agent runs, and to which lifeline:rollback leads. Example:"
            + " lifeline:versions -o json")
public final class VersionsCommand extends Shown {

  @Reference(optional = true)
  @Nullable AgentUpgrade upgrade;

  @Override
  void show(PrintStream out) {
    List<String> versions = upgrade().versions();
    Table table = new Table("STATE", "VERSION");
    for (int i = 0; i < versions.size(); i++) {
      table.row(i == 0 ? "runs" : "before", versions.get(i));
    }
    table.print(out);
  }

  @Override
  Object json() {
    return upgrade().versions();
  }

  private AgentUpgrade upgrade() {
    return Wanted.of(upgrade, AgentUpgrade.class);
  }
}
