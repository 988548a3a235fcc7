package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Leftovers;
import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A rescue as a person does it, one step a method. */
public final class Rescue {

  private static final Duration NOT_READY = Duration.ofSeconds(60);
  private static final Duration REQUEST = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofSeconds(20);
  private static final Duration MENDED = Duration.ofSeconds(60);

  /**
   * The operator takes a worker for mended after a minute, and an old kubelet forgets a pod as
   * late.
   */
  private static final Duration GONE = Duration.ofSeconds(120);

  private final Cluster cluster;
  private final Kubectl kubectl;
  private final String name;

  public Rescue(Cluster cluster) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl();
    this.name = cluster.worker();
  }

  /** Everything from the break to the end, by one person at one terminal. */
  public void wholly(Cluster.Fault fault) {
    reachBackupNode(fault);
    DebugPod pod = createPod();
    try (Terminal terminal = openTerminal(pod, kubectl)) {
      enterWorker(terminal);
      if (fault == Cluster.Fault.KUBELET_AND_RUNTIME && cluster.heal().isPresent()) {
        terminal.type("start-containerd");
        terminal.expect("is started", STEP);
      }
      heal(terminal);
      awaitReadyAgain(List.of(terminal));
    }
    awaitNothingLeft();
    withdraw();
  }

  /** The NodeDebug's object. */
  public String nodeDebug() {
    return "nodedebug/" + name;
  }

  /** A NodeDebug for a worker; the operator makes the bootstrap kubeconfig. */
  public static String nodeDebugYaml(String name, Cluster cluster) {
    return """
    apiVersion: lifeline.io/v1alpha1
    kind: NodeDebug
    metadata:
      name: %s
    spec:
      workerName: %s
    """
        .formatted(name, cluster.worker());
  }

  /** Says that the worker may be rescued. */
  public void wish() {
    kubectl.apply(nodeDebugYaml(name, cluster));
  }

  /** Waits until the API calls the worker not Ready. */
  public void awaitNotReady() {
    Await.until(
        cluster.worker() + " is not Ready", NOT_READY, () -> !kubectl.nodeReady(cluster.worker()));
  }

  /** Waits for the agent's request, and returns its name as the NodeDebug's status tells it. */
  public String awaitRequest() {
    return awaitRequestOtherThan("");
  }

  /** The same, when one of an earlier rescue may still be told. */
  public String awaitRequestOtherThan(String earlier) {
    return Await.value(
        "the NodeDebug's status names the certificate request and how to approve it",
        REQUEST,
        () ->
            kubectl
                .field(nodeDebug(), "{.status.csrName}")
                .filter(csr -> !csr.equals(earlier))
                .filter(csr -> approveCommand().contains(csr)));
  }

  /** The exact line that the status tells people. */
  public String approveCommand() {
    return kubectl.field(nodeDebug(), "{.status.approveCommand}").orElse("");
  }

  /** Approves a request, with the words of the status's own line. */
  public void approve(String request) {
    kubectl.out("certificate", "approve", request);
  }

  public void awaitBackupNode() {
    awaitBackupNodeWithin(STEP);
  }

  public void awaitBackupNodeWithin(Duration within) {
    Await.until(
        cluster.backup() + " is a Ready Node", within, () -> kubectl.nodeReady(cluster.backup()));
  }

  /** From the break to a backup Node that is Ready. */
  public void reachBackupNode(Cluster.Fault fault) {
    cluster.breakWorker(fault);
    wish();
    approve(awaitRequest());
    awaitBackupNode();
  }

  /** Creates the debug pod and waits until it runs. */
  public DebugPod createPod() {
    DebugPod pod = DebugPod.on(cluster.backup());
    kubectl.apply(pod.yaml());
    awaitRunning(pod);
    return pod;
  }

  public void awaitRunning(DebugPod pod) {
    Await.until(
        "the debug pod runs",
        STEP,
        () ->
            kubectl
                .field("pod/" + pod.name(), "{.status.phase}", "-n", pod.namespace())
                .equals(Optional.of("Running")));
  }

  /** Opens a terminal in the debug pod and waits for its prompt. */
  public Terminal openTerminal(DebugPod pod, Kubectl with) {
    Terminal terminal =
        Terminal.open(with.words("exec", "-it", "-n", pod.namespace(), pod.name(), "--", "bash"));
    terminal.type("echo prompt-$((40 + 2))");
    terminal.expect("prompt-42", STEP);
    return terminal;
  }

  /** The same, where it may be too early for it. */
  public Optional<Terminal> tryTerminal(DebugPod pod, Kubectl with) {
    Terminal terminal =
        Terminal.open(with.words("exec", "-it", "-n", pod.namespace(), pod.name(), "--", "bash"));
    try {
      terminal.type("echo prompt-$((40 + 2))");
      terminal.expect("prompt-42", Duration.ofSeconds(5));
      return Optional.of(terminal);
    } catch (AssertionError e) {
      terminal.close();
      return Optional.empty();
    }
  }

  /** Goes to the worker's own root, from within the debug pod. */
  public void enterWorker(Terminal terminal) {
    terminal.type("chroot /host");
    terminal.type("echo on-$(cat /etc/hostname)-$((40 + 3))");
    terminal.expect("-43", STEP);
  }

  /**
   * Starts the kubelet (and whatever else is dead) again: from the shell, where it is known how,
   * else from outside.
   */
  public void heal(Terminal shell) {
    cluster.heal().ifPresentOrElse(shell::type, cluster::mendWorker);
  }

  /** The worker is Ready again: every terminal is told, and ends. */
  public void awaitReadyAgain(List<Terminal> terminals) {
    awaitEnd("Ready again", MENDED, terminals);
  }

  /** Every terminal shows a text, and ends. */
  public void awaitEnd(String text, Duration within, List<Terminal> terminals) {
    for (Terminal terminal : terminals) {
      terminal.expect(text, within);
    }
    for (Terminal terminal : terminals) {
      terminal.exit(STEP);
    }
  }

  /** Waits until nothing of the rescue is left, while the NodeDebug lives on. */
  public void awaitNothingLeft() {
    Leftovers leftovers = new Leftovers(cluster);
    List<String> last = new ArrayList<>();
    try {
      Await.until(
          "nothing is left of the rescue",
          GONE,
          () -> {
            last.clear();
            last.addAll(leftovers.ofRescue());
            return last.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; left are:\n  " + String.join("\n  ", last), e);
    }
  }

  /** Deletes the NodeDebug and waits until proxy, Service and Secrets are gone with it. */
  public void withdraw() {
    kubectl.within(Duration.ofSeconds(60)).out("delete", nodeDebug(), "--wait=true");
    Await.until("the proxy is gone", GONE, () -> proxyParts().isEmpty());
  }

  /**
   * What there is of the proxy, of its Service and of bootstrap secrets. A pod that goes and whose
   * processes have ended is left out: kubelets before 1.22 take up to a minute to forget it.
   */
  public List<String> proxyParts() {
    String name = "{.kind}/{.metadata.name} {.type}";
    String ended = "{.metadata.deletionTimestamp} {.status.containerStatuses[*].state.running}";
    return parts("deployments,services,pods,secrets", name + " " + ended)
        .filter(line -> line.contains("proxy") || line.contains("bootstrap"))
        .filter(line -> !line.contains("kubernetes.io/service-account-token"))
        .filter(line -> !line.matches("Pod/.*Z *"))
        .toList();
  }

  private Stream<String> parts(String kinds, String fields) {
    String line = "jsonpath={range .items[*]}" + fields + "{\"\\n\"}{end}";
    return kubectl.out("get", kinds, "-n", Parts.NAMESPACE, "-o", line).lines();
  }
}
