package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.util.Map;
import java.util.TreeMap;

/** What an installation that was removed could have left, in the cluster and on the worker. */
final class Remains {

  private final Cluster cluster;
  private final Kubectl kubectl;

  Remains(Cluster cluster) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl();
  }

  /** Fails, and names all that is there. */
  void expectNone() {
    Map<String, String> there = new TreeMap<>();
    there.put(
        "objects of the manifests",
        kubectl.out(
            "get",
            "namespaces,crds,clusterroles,clusterrolebindings,roles,rolebindings",
            "--all-namespaces",
            "--selector=app.kubernetes.io/name=lifeline",
            "--output=name"));
    there.put(
        "the agents' certificate requests",
        kubectl.out(
            "get",
            "csr",
            "--output=jsonpath={.items[?(@.spec.signerName==\"lifeline.io/agent\")].metadata.name}"));
    there.put(
        "lines of Nodes that speak of lifeline.io",
        kubectl
            .out("get", "nodes", "--output=yaml")
            .lines()
            .filter(line -> line.contains("lifeline.io/"))
            .reduce("", (all, line) -> all + line + "\n"));
    there.put(
        "on the worker",
        cluster
            .onWorker("ls -d /run/lifeline* 2>/dev/null; grep ' /run/lifeline' /proc/mounts; true")
            .map(Command.Outcome::out)
            .orElse(""));
    there.values().removeIf(String::isBlank);
    if (!there.isEmpty()) {
      throw new AssertionError("the removal has left " + there);
    }
  }
}
