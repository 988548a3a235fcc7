package io.lifeline.console;

import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.UpgradeException;
import java.nio.file.Path;
import java.util.List;

/** Upgrades by saying so; its pin is "good". */
final class FakeUpgrade implements AgentUpgrade {

  private String runs = "0.1.0";

  @Override
  public String running() {
    return runs;
  }

  @Override
  public List<String> versions() {
    return runs.equals("0.1.0") ? List.of(runs) : List.of(runs, "0.1.0");
  }

  @Override
  public Plan plan(Path release, String pin) throws UpgradeException {
    if (!pin.equals("good")) {
      throw new UpgradeException("is not the pinned one");
    }
    return new Plan(
        "0.2.0", release, List.of("io.lifeline.debugpod"), List.of("1 session goes on"));
  }

  @Override
  public void apply(Plan plan) {
    runs = plan.version();
  }

  @Override
  public String rollback() {
    runs = "0.1.0";
    return runs;
  }
}
