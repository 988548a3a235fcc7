package io.lifeline.itests.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a rescue has left behind, though nothing should be. */
public final class Leftovers {

  // The agent's own pod is in a cgroup of the kubelet's; what the agent creates is below /lifeline.
  private static final String ON_WORKER =
      """
      for p in /proc/[0-9]*; do
        if grep -qs ':/lifeline[/-]' $p/cgroup; then
          echo "process ${p#/proc/} $(tr '\\0' ' ' <$p/cmdline | cut -c1-100)"
        fi
      done
      grep -o ' /run/lifeline/[^ ]*' /proc/self/mountinfo | sed 's/^/mount/' | sort -u
      find /sys/fs/cgroup -mindepth 2 -maxdepth 4 -type d -path '*/lifeline/*' 2>/dev/null | sed 's/^/cgroup /'
      true
      """;

  private final Cluster cluster;

  public Leftovers(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Of a rescue that has ended, while its NodeDebug may live on: on the worker and in the API. */
  public List<String> ofRescue() {
    List<String> left = new ArrayList<>(onWorker());
    Kubectl kubectl = cluster.kubectl();
    String backup = cluster.backup();
    addIfThere(left, kubectl, "node/" + backup);
    addIfThere(left, kubectl, "lease/" + backup, "-n", "kube-node-lease");
    left.addAll(lines(kubectl, "pods", "-A", "--field-selector=spec.nodeName=" + backup));
    left.addAll(requests());
    return left;
  }

  /** Requests for the backup node that are still there. */
  private List<String> requests() {
    String all =
        cluster
            .kubectl()
            .out(
                "get",
                "csr",
                "-o",
                "jsonpath={range .items[*]}{.metadata.name} {.spec.signerName}"
                    + " {.spec.username}{\"\\n"
                    + "\"}{end}");
    return Arrays.stream(all.split("\n"))
        .filter(line -> line.contains(cluster.backup()))
        .map(line -> "csr " + line)
        .toList();
  }

  private List<String> onWorker() {
    Optional<Command.Outcome> seen = cluster.onWorker(ON_WORKER);
    return seen.map(outcome -> nonBlank(outcome.out())).orElse(List.of());
  }

  private static void addIfThere(
      List<String> left, Kubectl kubectl, String object, String... more) {
    if (kubectl.exists(object, more)) {
      left.add(object);
    }
  }

  /** The names of what a list finds. */
  static List<String> lines(Kubectl kubectl, String kind, String... more) {
    List<String> arguments = new ArrayList<>(List.of("get", kind, "-o", "name"));
    arguments.addAll(List.of(more));
    return nonBlank(kubectl.out(arguments.toArray(String[]::new)));
  }

  private static List<String> nonBlank(String text) {
    return Arrays.stream(text.split("\n")).filter(line -> !line.isBlank()).toList();
  }
}
