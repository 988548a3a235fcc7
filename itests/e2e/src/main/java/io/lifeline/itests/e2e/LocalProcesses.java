package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import java.util.Map;

final class LocalProcesses implements Installation {
  LocalProcesses(Cluster cluster) {}

  @Override
  public void install() {}

  @Override
  public void agentSettings(Map<String, String> variables) {}

  @Override
  public void remove() {}

  @Override
  public void killOperator() {}

  @Override
  public void killProxy() {}

  @Override
  public String agentLog() {
    return "";
  }
}
