package io.lifeline.itests.e2e.demo;

import io.lifeline.itests.e2e.DebugPod;
import io.lifeline.itests.e2e.Diagnostics;
import io.lifeline.itests.e2e.Idle;
import io.lifeline.itests.e2e.Installation;
import io.lifeline.itests.e2e.Parts;
import io.lifeline.itests.e2e.Rescue;
import io.lifeline.itests.e2e.Stopwatch;
import io.lifeline.itests.testkit.Asciicast;
import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Leftovers;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.Report;
import io.lifeline.itests.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * {@code ./lifeline demo}: breaks a worker and rescues it, with every command shown.
 *
 * <p>With a terminal the reader has the shell; without one a transcript is typed, through a real
 * pseudo-terminal as well, and the exit code says whether all went as told.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class Demo {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
  private static final String LEAVE = "\u001d";

  private final Cluster cluster;
  private final Kubectl kubectl;
  private final Rescue rescue;
  private final Installation installation;
  private final Stage stage;
  private final boolean reader;
  private final Report report = new Report();

  private Demo(Cluster cluster, boolean reader) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl();
    this.rescue = new Rescue(cluster);
    this.installation = Installation.of(cluster);
    this.stage = new Stage(cluster);
    this.reader = reader;
  }

  /** The argument {@code --reader} says that a person sits at the terminal. */
  public static void main(String[] arguments) {
    Cluster cluster = Cluster.fromEnvironment();
    Demo demo = new Demo(cluster, List.of(arguments).contains("--reader"));
    long began = System.nanoTime();
    boolean good = demo.run();
    demo.report.test(
        "the demo's rescue",
        good ? Report.Result.PASSED : Report.Result.FAILED,
        (System.nanoTime() - began) / 1e9);
    demo.report.write(cluster.home().resolve("target/report.json"));
    System.exit(good ? 0 : 1);
  }

  private boolean run() {
    try {
      installed();
      try (Stopwatch watch = new Stopwatch(cluster)) {
        broken();
        wished();
        approved(watch);
        together(watch);
        shell();
        ended();
        measured(watch);
      }
      return true;
    } catch (AssertionError | RuntimeException e) {
      System.out.printf("%n!! This did not go as told: %s%n", e.getMessage());
      Path folder = new Diagnostics(cluster).gather("demo");
      System.out.printf("   What can be seen now is in %s%n", folder);
      return false;
    }
  }

  private void installed() {
    stage.say(
        "1. A cluster, and Lifeline in it",
        """
        Two workers, each with its own kubelet and containerd. Lifeline is an operator (two, one of
        them leads) and an agent on every worker, installed by the manifests in container/manifests.
        (An agent is Ready when it is armed; kubelets before 1.22 say so a minute late.)\
        """);
    stage.kubectl("get", "nodes", "-o", "wide");
    System.out.printf("%n$ kubectl apply -f container/manifests%n");
    installation.install();
    stage.kubectl("get", "pods", "-n", Parts.NAMESPACE, "-o", "wide");
    Instant since = Instant.now();
    // The agent's start is over; what it costs from here on is what it costs for months.
    Await.until(
        "the agent has been idle for 20 s",
        Duration.ofSeconds(30),
        () -> Duration.between(since, Instant.now()).toSeconds() >= 20);
    new Idle(cluster).measure(since).forEach(report::measured);
  }

  private void broken() {
    stage.say(
        "2. The kubelet of %s dies".formatted(cluster.worker()),
        "Nobody can reach the machine: kubectl exec goes through the very kubelet that is dead.");
    stage.shell("./lifeline sandbox break %s kubelet".formatted(cluster.worker()));
    rescue.awaitNotReady();
    stage.kubectl("get", "nodes");
    String agent =
        kubectl.out(
            "get",
            "pods",
            "-n",
            Parts.NAMESPACE,
            "-l",
            "app.kubernetes.io/component=agent",
            "--field-selector=spec.nodeName=" + cluster.worker(),
            "-o",
            "jsonpath={.items[0].metadata.name}");
    stage.kubectl("exec", "-n", Parts.NAMESPACE, agent, "--", "hostname");
  }

  private void wished() {
    stage.say(
        "3. An administrator asks for a rescue",
        """
        The operator starts the debug proxy on a healthy worker; the agent gets a bootstrap
        kubeconfig there, good for one certificate request, which waits for a person.\
        """);
    stage.apply("nodedebug.yaml", Rescue.nodeDebugYaml(cluster.worker(), cluster));
    rescue.awaitRequest();
    stage.kubectl("get", "nd");
    stage.kubectl("get", "pods", "-n", Parts.NAMESPACE, "-o", "wide");
  }

  private void approved(Stopwatch watch) {
    stage.say(
        "4. A person approves",
        """
        After a look at who asks for what; the line that approves is the one of 'kubectl get nd'.
        %s then joins as a second node.\
        """
            .formatted(cluster.backup()));
    String[] words = rescue.approveCommand().replaceFirst("^kubectl ", "").split(" ");
    stage.kubectl("describe", "csr", words[words.length - 1]);
    Instant looked = Instant.now();
    Await.until(
        "a person has read it",
        Duration.ofSeconds(10),
        () -> Duration.between(looked, Instant.now()).toSeconds() >= 2);
    watch.approving();
    stage.kubectl(words);
    rescue.awaitBackupNode();
    stage.kubectl("get", "nodes");
    stage.say(
        "5. The debug pod",
        "One privileged pod, made of the worker's own programs: no image, no registry.");
    DebugPod pod = DebugPod.on(cluster.backup());
    watch.creatingPod();
    stage.apply("debug-pod.yaml", pod.yaml());
    rescue.awaitRunning(pod);
    stage.kubectl("get", "pods", "-o", "wide");
  }

  private void together(Stopwatch watch) {
    DebugPod pod = DebugPod.on(cluster.backup());
    stage.say(
        "6. Two people, and a connection that breaks",
        """
        One opens a shell, which tells its name; another joins it by that name. Then the first
        one's kubectl is killed in the middle of his work. The shell lives on, and is joined again.\
        """);
    String id;
    try (Terminal first = rescue.openTerminal(pod, kubectl)) {
      watch.firstPrompt();
      first.type("echo this-is-$LIFELINE_SESSION.");
      id = first.expect(Pattern.compile("this-is-[a-z]+-[0-9]+\\."), SOON);
      id = id.substring(id.lastIndexOf("this-is-") + "this-is-".length(), id.length() - 1);
      try (Terminal second = join(pod, id)) {
        second.type("echo a colleague was here: $((40 + 2))");
        first.expect("here: 42", SOON);
        second.send(LEAVE);
        second.expect("[left " + id + "]", SOON);
      }
      first.type("for i in 1 2 3 4; do sleep 1; echo step $i is done; done");
      first.expect("step 1 is done", SOON);
    }
    stage.kubectl("exec", pod.name(), "--", "lifeline", "sessions");
    System.out.printf("%n$ kubectl exec -it debug-pod -- lifeline join %s%n", id);
    try (Terminal again = join(pod, id)) {
      again.expect("step 4 is done", SOON);
      again.type("exit");
      again.exit(SOON);
      stage.print(again.screen());
    }
    replay(id);
  }

  /** What the terminals were told, with its times; longer pauses are cut short. */
  private void replay(String id) {
    stage.say(
        "7. Played again",
        "Every session is recorded. Here is that one as it went; asciinema plays the same file.");
    stage.kubectl("get", "--raw", recordings());
    String path = recordings() + id + ".cast";
    System.out.printf("%n$ kubectl get --raw %s >%s.cast%n", path, id);
    Asciicast cast = Asciicast.of(kubectl.out("get", "--raw", path));
    System.out.println(cast.header());
    Duration before = Duration.ZERO;
    for (Asciicast.Piece piece : cast.pieces()) {
      Duration pause = piece.at().minus(before);
      LockSupport.parkNanos(Math.min(pause.toNanos(), reader ? LONGEST_PAUSE.toNanos() : 0));
      before = piece.at();
      stage.print(reader ? piece.text() : piece.text().replace("\r", ""));
    }
  }

  private String recordings() {
    return "/api/v1/nodes/%s/proxy/recordings/".formatted(cluster.backup());
  }

  private Terminal join(DebugPod pod, String id) {
    return Terminal.open(kubectl.words("exec", "-it", pod.name(), "--", "lifeline", "join", id));
  }

  private void shell() {
    DebugPod pod = DebugPod.on(cluster.backup());
    stage.say(
        "8. A root shell on the broken worker",
        "'chroot /host' goes to the worker's own root; 'start-kubelet' is this sandbox's"
            + " systemctl.");
    if (reader) {
      readersShell(pod);
    } else {
      transcript(pod);
    }
  }

  private void readersShell(DebugPod pod) {
    System.out.printf(
        """

        The shell is yours. Type:   chroot /host
                                    hostname; crictl ps; tail /var/log/kubelet.log
                                    start-kubelet
        Some seconds after that the worker is Ready, you are told so, and the shell ends by itself.

        $ kubectl exec -it debug-pod -- bash
        """);
    try {
      new ProcessBuilder(kubectl.words("exec", "-it", pod.name(), "--", "bash"))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("kubectl could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!kubectl.nodeReady(cluster.worker())) {
      System.out.printf("%n%s is still broken; it is mended from outside now.%n", cluster.worker());
      cluster.mendWorker();
    }
  }

  private void transcript(DebugPod pod) {
    System.out.printf("%n$ kubectl exec -it debug-pod -- bash%n");
    try (Terminal terminal = rescue.openTerminal(pod, kubectl)) {
      terminal.type("chroot /host");
      terminal.type("cat /etc/hostname; ls -d /var/lib/kubelet /etc/kubernetes/*");
      terminal.type("start-kubelet; echo done-$((40 + 2))");
      terminal.expect("done-42", Duration.ofSeconds(30));
      rescue.awaitReadyAgain(List.of(terminal));
      stage.print(terminal.screen());
    }
  }

  private void ended() {
    stage.say(
        "9. %s is Ready; nothing is left".formatted(cluster.worker()),
        "The agent has deleted the container, the operator the Node and its Lease.");
    rescue.awaitNothingLeft();
    stage.kubectl("get", "nodes");
    System.out.printf(
        "Left of the rescue, in the API and on the worker: %s%n",
        new Leftovers(cluster).ofRescue().isEmpty() ? "nothing" : "something");
    stage.kubectl("delete", "nd", cluster.worker());
    Await.until("the proxy is gone", Duration.ofSeconds(45), () -> rescue.proxyParts().isEmpty());
    stage.kubectl("get", "pods", "-n", Parts.NAMESPACE);
  }

  private void measured(Stopwatch watch) {
    watch.steps(installation.agentLog()).forEach(report::measured);
    stage.say(
        "10. What it took", "The machine's share of the time, and what the idle agent costs.");
    System.out.println(Measurement.head());
    report.measurements().forEach(System.out::println);
  }
}
