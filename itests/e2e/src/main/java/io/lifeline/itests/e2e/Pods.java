package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Operator, proxy and agents as pods, by the manifests in {@code container/manifests}. */
final class Pods implements Installation {

  private static final Duration START = Duration.ofSeconds(90);

  private final Cluster cluster;
  private final Kubectl kubectl;

  Pods(Cluster cluster) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl().within(START.plusSeconds(5));
  }

  private String manifests() {
    return cluster.home().resolve("container/manifests").toString();
  }

  @Override
  public void install() {
    // Twice, where need be: the CRD and the namespace must be there before what is in them.
    Await.until(
        "the manifests are applied",
        Duration.ofSeconds(30),
        () -> kubectl.run("apply", "-f", manifests()).succeeded());
    // A control plane that is quick to call a node NotReady wants a Lease that is renewed as
    // quickly.
    kubectl.out(
        "set", "env", "-n", Parts.NAMESPACE, Parts.AGENT, "LIFELINE_NODE_BACKUP_LEASE_RENEW=2s");
    rolledOut(Parts.OPERATOR);
    awaitArmed();
  }

  @Override
  public void agentSettings(Map<String, String> variables) {
    List<String> words = new ArrayList<>(List.of("set", "env", "-n", Parts.NAMESPACE, Parts.AGENT));
    variables.forEach(
        (name, value) -> words.add(value.isEmpty() ? name + "-" : name + "=" + value));
    kubectl.out(words.toArray(String[]::new));
    awaitArmed();
  }

  /** The agents' readiness says that they are armed. */
  private void awaitArmed() {
    rolledOut(Parts.AGENT);
  }

  private void rolledOut(String what) {
    kubectl.out(
        "rollout", "status", "-n", Parts.NAMESPACE, what, "--timeout=" + START.toSeconds() + "s");
  }

  @Override
  public void remove() {
    kubectl.out(
        "delete", "nodedebugs", "--all", "--ignore-not-found", "--timeout=60s", "--wait=true");
    kubectl.out("delete", "-f", manifests(), "--ignore-not-found", "--wait=true", "--timeout=80s");
  }

  @Override
  public void killOperator() {
    kill("app.kubernetes.io/component=operator");
  }

  @Override
  public void killProxy() {
    kill("app.kubernetes.io/component=proxy");
  }

  /** A pod that is deleted without grace has its processes killed at once. */
  private void kill(String label) {
    List<String> pods = Installation.pods(kubectl, label);
    if (pods.isEmpty()) {
      throw new AssertionError("there is no pod with the label " + label + " to kill");
    }
    for (String pod : pods) {
      kubectl.out(
          "delete", pod, "-n", Parts.NAMESPACE, "--grace-period=0", "--force", "--wait=false");
    }
  }

  @Override
  public String agentLog() {
    String pod =
        kubectl.out(
            "get",
            "pods",
            "-n",
            Parts.NAMESPACE,
            "-l",
            "app.kubernetes.io/component=agent",
            "--field-selector=spec.nodeName=" + cluster.worker(),
            "-o",
            "name");
    return kubectl.out("logs", "-n", Parts.NAMESPACE, pod, "--timestamps", "--tail=2000");
  }
}
