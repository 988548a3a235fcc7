package io.lifeline.console;

import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.AgentUpgrade.Plan;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code lifeline:upgrade}: shows what a release would replace, then replaces it. */
@Service
@Command(
    scope = "lifeline",
    name = "upgrade",
    description =
        "Replaces the agent's bundles by those of a release, one after the other, while sessions go"
            + " on. Rolls back by itself when one does not come up. Example: lifeline:upgrade --pin"
            + " 3f2a… /opt/lifeline-0.2.0")
public final class UpgradeCommand extends Shown {

  private static final int NAME = 10;

  @Reference(optional = true)
  @Nullable AgentUpgrade upgrade;

  @Argument(
      name = "release",
      description = "a folder of bundles with a SHA256SUMS beside them",
      required = true)
  String release = "";

  @Option(
      name = "--pin",
      description = "the SHA-256 of its SHA256SUMS, from where you trust it",
      required = true)
  String pin = "";

  @Option(name = "--plan", description = "shows what would be replaced, and touches nothing")
  boolean planOnly;

  @Override
  void show(PrintStream out) throws Exception {
    String before = upgrade().running();
    Plan plan = upgrade().plan(Path.of(release), pin);
    Table.facts(out, NAME, "from", before, "to", plan.version());
    Table.facts(
        out,
        NAME,
        "replaces",
        plan.replaced().isEmpty() ? "nothing: it runs already" : String.join(" ", plan.replaced()));
    plan.effects().forEach(effect -> Table.facts(out, NAME, "", effect));
    if (!planOnly) {
      out.flush();
      upgrade().apply(plan);
      Table.facts(out, NAME, "runs", upgrade().running());
    }
  }

  @Override
  Object json() throws Exception {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("from", upgrade().running());
    Plan plan = upgrade().plan(Path.of(release), pin);
    facts.put("to", plan.version());
    facts.put("replaced", plan.replaced());
    facts.put("effects", plan.effects());
    if (!planOnly) {
      upgrade().apply(plan);
    }
    facts.put("runs", planOnly ? facts.get("from") : upgrade().running());
    return facts;
  }

  private AgentUpgrade upgrade() {
    return Wanted.of(upgrade, AgentUpgrade.class);
  }
}
