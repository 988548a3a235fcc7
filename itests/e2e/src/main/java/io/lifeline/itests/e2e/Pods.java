package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Operator, proxy and agents as pods, by the manifests in {@code container/manifests}. */
final class Pods implements Installation {

  private static final Duration START = Duration.ofSeconds(90);

  private static final String SSH_SECRET = "lifeline-ssh";
  private static final String AGENTS = "app.kubernetes.io/component=agent";
  private static final String ENROLMENT = "/proc/1/root/run/lifeline/credential/enrolment";

  /**
   * A control plane that is quick to call a node NotReady wants a Lease that is renewed as quickly.
   * What the operator keeps for a minute in case an agent still needs it, the tests wait for.
   */
  private static final Map<String, List<String>> SETTINGS =
      Map.of(
          "30-operator.yaml",
          List.of("LIFELINE_OPERATOR_END_READY_WAIT=20s"),
          "40-agent.yaml",
          List.of(
              "LIFELINE_NODE_BACKUP_LEASE_RENEW=2s",
              "LIFELINE_SESSION_ENGINE_GRACE=" + Parts.GRACE));

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
    boolean there = kubectl.exists(Parts.AGENT, "-n", Parts.NAMESPACE);
    Path manifests = withSettings();
    // Twice, where need be: the CRD and the namespace must be there before what is in them.
    Await.until(
        "the manifests are applied",
        Duration.ofSeconds(30),
        () -> kubectl.run("apply", "-f", manifests.toString()).succeeded());
    // The settings are as if they had been set later: who applies the manifests again keeps them.
    SETTINGS
        .keySet()
        .forEach(file -> kubectl.out("apply", "set-last-applied", "-f", manifests() + "/" + file));
    if (there) {
      setAgent(Map.of());
    }
    rolledOut(Parts.OPERATOR);
    awaitArmed();
  }

  /** The manifests in a folder of their own, with the tests' settings. */
  private Path withSettings() {
    try {
      Path folder = Files.createTempDirectory("lifeline-manifests");
      try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(manifests()), "*.yaml")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          Files.writeString(
              folder.resolve(name),
              SETTINGS.containsKey(name) ? withSettings(file) : Files.readString(file));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("the manifests could not be copied", e);
    }
  }

  private String withSettings(Path file) {
    List<String> words =
        new ArrayList<>(List.of("set", "env", "--local", "-o", "yaml", "-f", file.toString()));
    words.addAll(SETTINGS.get(file.getFileName().toString()));
    return kubectl.out(words.toArray(String[]::new));
  }

  @Override
  public void agentSettings(Map<String, String> variables) {
    setAgent(variables);
    awaitArmed();
  }

  /** The DaemonSet stays away from the worker meanwhile. */
  @Override
  public AgentProcess agentAsProcess(Map<String, String> variables) {
    patchPlaces(
        "\"op\":\"add\",\"value\":{\"key\":\"kubernetes.io/hostname\",\"operator\":\"NotIn\",\"values\":[\"%s\"]}"
            .formatted(cluster.worker()));
    Await.until("the agent's pod is gone", START, () -> agentOn(cluster.worker()).isEmpty());
    Await.until(
        "the agent's process is gone", START, () -> Installation.agentPid(cluster).isEmpty());
    AgentProcess process = new AgentProcess(cluster);
    process.ship();
    process.start(variables);
    return process;
  }

  /** Where agents may be: beside what the manifest says first, and that stays. */
  private void patchPlaces(String change) {
    String place =
        "/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution"
            + "/nodeSelectorTerms/0/matchExpressions/1";
    kubectl.out(
        "patch",
        "-n",
        Parts.NAMESPACE,
        Parts.AGENT,
        "--type=json",
        "-p",
        "[{\"path\":\"%s\",%s}]".formatted(place, change));
  }

  @Override
  public void agentAsBefore() {
    AgentProcess process = new AgentProcess(cluster);
    process.stop();
    process.remove();
    patchPlaces("\"op\":\"remove\"");
    setAgent(Map.of());
    awaitArmed();
  }

  @Override
  public void sshKeys(Path authorizedKeys, Path trustedCa, Map<String, String> more) {
    kubectl.run("delete", "secret", "-n", Parts.NAMESPACE, SSH_SECRET, "--ignore-not-found");
    kubectl.out(
        "create",
        "secret",
        "generic",
        "-n",
        Parts.NAMESPACE,
        SSH_SECRET,
        "--from-file=authorized_keys=" + authorizedKeys,
        "--from-file=trusted_ca=" + trustedCa);
    Map<String, String> variables = new TreeMap<>(more);
    variables.put("LIFELINE_SSH", "true");
    agentSettings(variables);
  }

  @Override
  public void withoutSsh(Map<String, String> more) {
    Map<String, String> variables = new TreeMap<>(more);
    variables.put("LIFELINE_SSH", "false");
    agentSettings(variables);
    kubectl.out("delete", "secret", "-n", Parts.NAMESPACE, SSH_SECRET);
  }

  /**
   * All agents at once, not one after the other as a rollout does: kubelets before 1.22 take up to
   * a minute to call a pod Ready whose startup probe has succeeded.
   */
  private void setAgent(Map<String, String> variables) {
    List<String> words = new ArrayList<>(List.of("set", "env", "-n", Parts.NAMESPACE, Parts.AGENT));
    variables.forEach(
        (name, value) -> words.add(value.isEmpty() ? name + "-" : name + "=" + value));
    if (!variables.isEmpty()) {
      kubectl.out(words.toArray(String[]::new));
    }
    List<String> old = Installation.pods(kubectl, AGENTS);
    kubectl.out("delete", "pods", "-n", Parts.NAMESPACE, "-l", AGENTS, "--wait=false");
    Await.until("the agents before have ended", START, () -> forgotten(old));
  }

  /**
   * They take as long to forget a pod, now and then, whose process has ended: it is done for them.
   */
  private boolean forgotten(List<String> old) {
    String name = "{range .items[*]}pod/{.metadata.name} {.metadata.deletionTimestamp}";
    List<String> pods =
        kubectl
            .out(
                "get",
                "pods",
                "-n",
                Parts.NAMESPACE,
                "-l",
                AGENTS,
                "-o",
                "jsonpath=" + name + " {.status.containerStatuses[*].state.running}{\"\\n\"}{end}")
            .lines()
            .filter(line -> old.contains(line.split(" ")[0]))
            .toList();
    pods.stream()
        .filter(line -> line.matches("\\S+ \\S+Z *"))
        .forEach(
            line ->
                kubectl.run(
                    "delete",
                    line.split(" ")[0],
                    "-n",
                    Parts.NAMESPACE,
                    "--grace-period=0",
                    "--force",
                    "--wait=false"));
    return pods.isEmpty();
  }

  /**
   * Armed by this operator, not by one of an earlier installation, and the worker known as Ready:
   * the agent has seen all that it needs in a crisis.
   */
  @Override
  public void awaitArmed() {
    for (String node : List.of(cluster.worker(), cluster.peer())) {
      Await.until(
          "the agent of " + node + " is armed",
          START,
          () -> {
            String pod = agentOn(node).orElseThrow();
            String log = kubectl.out("logs", "-n", Parts.NAMESPACE, pod, "--tail=200");
            return log.contains("the worker is READY")
                && log.contains(ENROLLED)
                && kubectl
                    .run("exec", "-n", Parts.NAMESPACE, pod, "--", "test", "-s", ENROLMENT)
                    .succeeded();
          });
    }
  }

  /** The agent's pod on a node, one that goes left out. */
  private Optional<String> agentOn(String node) {
    String lines =
        "{range .items[*]}pod/{.metadata.name}/{.metadata.deletionTimestamp}{\"\\n\"}{end}";
    return kubectl
        .out(
            "get",
            "pods",
            "-n",
            Parts.NAMESPACE,
            "-l",
            AGENTS,
            "--field-selector=spec.nodeName=" + node,
            "-o",
            "jsonpath=" + lines)
        .lines()
        .filter(line -> line.endsWith("/"))
        .map(line -> line.substring(0, line.length() - 1))
        .findFirst();
  }

  private void rolledOut(String what) {
    kubectl.out(
        "rollout", "status", "-n", Parts.NAMESPACE, what, "--timeout=" + START.toSeconds() + "s");
  }

  /**
   * As a person does it. In the middle of a rescue's beginning: there is something of everything.
   */
  @Override
  public void remove() {
    kubectl.out("apply", "-f", manifests() + "/examples/nodedebug.yaml");
    RemovalScript script = new RemovalScript(cluster);
    Command.Outcome removal = script.run();
    if (!removal.succeeded()) {
      throw new AssertionError(removal + "\nSee " + new Diagnostics(cluster).gather("removal"));
    }
    new Remains(cluster).expectNone();
    Command.Outcome again = script.run();
    if (!again.succeeded() || !again.err().contains("There is nothing of Lifeline")) {
      throw new AssertionError("after a removal, another one: " + again);
    }
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
        agentOn(cluster.worker())
            .orElseThrow(() -> new AssertionError("there is no agent on " + cluster.worker()));
    return kubectl.out("logs", "-n", Parts.NAMESPACE, pod, "--timestamps", "--tail=2000");
  }
}
