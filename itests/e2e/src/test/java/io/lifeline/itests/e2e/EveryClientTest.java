package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.KubectlClient;
import io.lifeline.itests.testkit.Terminal;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kubectl at hand, by SPDY and by WebSocket: what each verb carries comes out unchanged. */
@Order(3)
@SharedRescue
@ExtendWith(OnCluster.class)
class EveryClientTest {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String POD = "debug-pod";
  private static final String ON_WORKER = "lifeline-e2e.bin";
  private static final int FEW_BYTES = 5_000_000;

  /** The debug pod's main process: it speaks, and answers what is typed to it. */
  private static final String MAIN =
      "command: [bash, -c, 'echo begun; echo wrong >&2; while read -r line; do echo \"got $line\";"
          + " [[ $line != end ]] || exit 5; done']\n    stdin: true";

  /** Where kubectl listens. */
  private static final Pattern LOCAL = Pattern.compile("127\\.0\\.0\\.1:(\\d+) ");

  /** Sends the bytes to the first who comes, and closes without having heard a word. */
  private static final String SENDER =
      "use IO::Socket::INET; $| = 1; $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen =>"
          + " 1) or die; print 'port=', $l->sockport, ';'; $c = $l->accept; open F, '<',"
          + " '/var/log/%s' or die; print $c $_ while <F>; close $c".formatted(ON_WORKER);

  @TempDir static Path folder;
  private static Path bytes;

  static List<KubectlClient> clients() {
    return KubectlClient.all(Cluster.fromEnvironment());
  }

  static List<KubectlClient> mostDifferent() {
    return KubectlClient.mostDifferent(Cluster.fromEnvironment());
  }

  @BeforeAll
  static void aDebugPodRuns(Cluster cluster, Rescue rescue, Kubectl kubectl) throws IOException {
    byte[] random = new byte[FEW_BYTES];
    new Random(20).nextBytes(random);
    bytes = Files.write(folder.resolve("bytes"), random);
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    DebugPod pod = DebugPod.on(cluster.backup());
    kubectl.apply(pod.yaml().replace("command: [sleep, infinity]", MAIN));
    rescue.awaitRunning(pod);
    kubectl
        .command("exec", "-i", POD, "--", "bash", "-c", "cat >/host/var/log/" + ON_WORKER)
        .from(bytes)
        .output();
  }

  @AfterAll
  static void theWorkerIsMended(Cluster cluster, Rescue rescue) {
    cluster.onWorker("rm -f /var/log/" + ON_WORKER);
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  private static void sameBytes(Path file) throws IOException {
    assertThat(Files.mismatch(file, bytes)).as("the first byte that differs").isEqualTo(-1);
  }

  @ParameterizedTest(name = "{0}: exec")
  @MethodSource("clients")
  @Order(1)
  void execCarriesBothOutputsTheExitCodeAndEveryByteBothWays(KubectlClient client)
      throws IOException {
    Command.Outcome seven =
        client.command("exec", POD, "--", "bash", "-c", "echo out; echo err >&2; exit 7").run();
    assertThat(seven.out()).as("%s", seven).isEqualTo("out\n");
    assertThat(seven.err()).as("%s", seven).startsWith("err\n").contains("exit code 7");
    assertThat(seven.exit()).as("%s", seven).isEqualTo(7);

    Path back = folder.resolve("back");
    Command.Outcome copied =
        client.command("exec", "-i", POD, "--", "cat").from(bytes).to(back).run();
    assertThat(copied.exit()).as("%s", copied).isZero();
    sameBytes(back);

    Command.Outcome unread = client.command("exec", "-i", POD, "--", "true").from(bytes).run();
    assertThat(unread.exit()).as("its input is never read: %s", unread).isZero();
  }

  @ParameterizedTest(name = "{0}: cp")
  @MethodSource("mostDifferent")
  @Order(2)
  void cpCopiesBothWays(KubectlClient client) throws IOException {
    assumeTrue(
        client.command("exec", POD, "--", "tar", "--version").run().succeeded(),
        "the worker has no tar");
    client.command("cp", bytes.toString(), POD + ":/tmp/there").output();
    Path back = folder.resolve("copied");
    Files.deleteIfExists(back);
    client.command("cp", POD + ":/tmp/there", back.toString()).output();
    sameBytes(back);
    client.command("exec", POD, "--", "bash", "-c", "echo -n >/tmp/there").output();
  }

  @ParameterizedTest(name = "{0}: attach")
  @MethodSource("mostDifferent")
  @Order(3)
  void attachJoinsTheMainProcess(KubectlClient client) {
    String word = "word-" + client.minor() + "-" + client.transport();
    try (Terminal attached = Terminal.open(client.words("attach", "-i", POD))) {
      Await.until(
          "the main process answers",
          SOON,
          () -> {
            attached.type(word);
            return attached.screen().contains("got " + word);
          });
    }
    assertThat(client.command("logs", POD, "--tail=1").output()).isEqualTo("got " + word);
  }

  @ParameterizedTest(name = "{0}: logs")
  @MethodSource("mostDifferent")
  @Order(4)
  void logsShowWhatTheMainProcessSaid(KubectlClient client) {
    assertThat(client.command("logs", POD).output()).contains("begun\n", "wrong\n");
    assertThat(client.command("logs", POD, "--limit-bytes=4").output()).isEqualTo("begu");
    assertThat(client.command("logs", POD, "--timestamps", "--since=1h").output())
        .containsPattern("(?m)^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z begun$");
    assertThat(client.command("logs", POD, "--since-time=2100-01-01T00:00:00Z").output()).isEmpty();
    Command.Outcome previous = client.command("logs", POD, "--previous").run();
    assertThat(previous.err()).contains("previous terminated container \"debug\"");
  }

  @ParameterizedTest(name = "{0}: port-forward")
  @MethodSource("mostDifferent")
  @Order(5)
  void portForwardCarriesEveryByte(KubectlClient client, Kubectl kubectl) throws IOException {
    Optional<Certificate> admin = Certificate.ofAdministrator(folder, kubectl);
    assumeTrue(admin.isPresent(), "the administrator has no certificate to call the agent with");
    try (Terminal forward =
        Terminal.open(client.words("port-forward", POD, "0:" + Parts.KUBELET_PORT))) {
      int port = number(LOCAL, forward.expect(LOCAL, SOON));
      Path back = folder.resolve("forwarded");
      String url = "https://127.0.0.1:%d/logs/%s".formatted(port, ON_WORKER);
      Https.Answer answer = Https.to(url).showing(admin.get()).with("-o", back.toString()).answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      sameBytes(back);
    }
  }

  @ParameterizedTest(name = "{0}: port-forward, the port closes first")
  @MethodSource("mostDifferent")
  @Order(6)
  void aPortThatClosesFirstEndsKubectlsConnectionAfterEveryByte(
      KubectlClient client, Kubectl kubectl) throws IOException {
    assumeTrue(
        kubectl.run("exec", POD, "--", "chroot", "/host", "perl", "-e", "1").succeeded(),
        "the worker has no perl to be a server with");
    Pattern port = Pattern.compile("port=(\\d+);");
    try (Terminal server =
            Terminal.open(
                kubectl.words("exec", "-i", POD, "--", "chroot", "/host", "perl", "-e", SENDER));
        Terminal forward =
            Terminal.open(
                client.words("port-forward", POD, "0:" + number(port, server.expect(port, SOON))));
        Socket socket = new Socket("127.0.0.1", number(LOCAL, forward.expect(LOCAL, SOON)))) {
      socket.setSoTimeout((int) SOON.toMillis());
      // This side stays open: the end must come from the port.
      Path back = folder.resolve("sent");
      Files.copy(socket.getInputStream(), back, StandardCopyOption.REPLACE_EXISTING);
      sameBytes(back);
    }
  }

  private static int number(Pattern pattern, String told) {
    Matcher matcher = pattern.matcher(told);
    assertThat(matcher.find()).as(told).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  @Test
  @Order(7)
  void theNodesPagesAreThereThroughTheApiServer(Cluster cluster, Kubectl kubectl)
      throws IOException {
    String proxy = "/api/v1/nodes/" + cluster.backup() + "/proxy";
    Path back = folder.resolve("raw");
    kubectl.command("get", "--raw", proxy + "/logs/" + ON_WORKER).to(back).output();
    sameBytes(back);
    assertThat(kubectl.out("get", "--raw", proxy + "/logs/")).contains(">" + ON_WORKER + "</a>");
    Command.Outcome out = kubectl.run("get", "--raw", proxy + "/logs/..%2f..%2fetc/hostname");
    assertThat(out.succeeded()).as("%s", out).isFalse();
    assertThat(kubectl.out("get", "--raw", proxy + "/logs/?query=kubelet&tailLines=1").lines())
        .as("the last line of the kubelet's log")
        .hasSizeBetween(1, 2);
    assertThat(kubectl.out("get", "--raw", proxy + "/stats/summary"))
        .contains("\"nodeName\":\"" + cluster.backup(), "\"usageCoreNanoSeconds\":", POD);
    assertThat(kubectl.out("get", "--raw", proxy + "/metrics/resource"))
        .contains("\nnode_cpu_usage_seconds_total ", "pod=\"" + POD + "\"");
    assertThat(kubectl.out("get", "--raw", proxy + "/runningpods/")).contains(POD);
    assertThat(kubectl.out("get", "--raw", proxy + "/healthz")).isEqualTo("ok");
  }

  @Test
  @Order(8)
  void whatCannotBeSpokenIsRefusedWithWhatCan(Cluster cluster, Kubectl kubectl) {
    Optional<Certificate> admin = Certificate.ofAdministrator(folder, kubectl);
    assumeTrue(admin.isPresent(), "the administrator has no certificate to call the agent with");
    Https.Answer terminal = upgrade(cluster, admin.get(), "&tty=1", "v5.channel.k8s.io");
    assertThat(terminal.status()).as(terminal.body()).isEqualTo(400);
    assertThat(terminal.body()).contains("tty and stderr cannot both be true");
    Https.Answer unknown = upgrade(cluster, admin.get(), "", "v9.channel.k8s.io");
    assertThat(unknown.status()).as(unknown.body()).isEqualTo(403);
    assertThat(unknown.body()).contains("v9.channel.k8s.io", "[v5.channel.k8s.io, v4");
  }

  private static Https.Answer upgrade(
      Cluster cluster, Certificate admin, String more, String protocol) {
    String exec = "/exec/default/%s/debug?command=id&output=1&error=1".formatted(POD);
    String host = cluster.address(cluster.worker()) + ":" + Parts.KUBELET_PORT;
    return Https.to("https://" + host + exec + more)
        .showing(admin)
        .header("Connection: Upgrade")
        .header("Upgrade: websocket")
        .header("Sec-WebSocket-Version: 13")
        .header("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Protocol: " + protocol)
        .answer();
  }

  @Test
  @Order(9)
  void whoFollowsTheLogHearsTheEndAndItStaysReadable(Kubectl kubectl) {
    try (Terminal follower = Terminal.open(kubectl.words("logs", "-f", POD, "--tail=1"));
        Terminal attached = Terminal.open(kubectl.words("attach", "-i", POD))) {
      Await.until(
          "the follower hears what is typed",
          SOON,
          () -> {
            attached.type("near");
            return follower.screen().contains("got near");
          });
      attached.type("end");
      follower.expect("got end", SOON);
      follower.exit(SOON);
    }
    Await.until(
        "the pod has failed with the main process's exit code",
        SOON,
        () ->
            kubectl
                .field(
                    "pod/" + POD,
                    "{.status.phase} {.status.containerStatuses[0].state.terminated.exitCode}")
                .equals(Optional.of("Failed 5")));
    assertThat(kubectl.out("logs", POD, "--tail=1")).isEqualTo("got end");
    kubectl.out("delete", "pod", POD, "--wait=true", "--timeout=15s");
  }

  @Test
  @Order(10)
  void kubectlDebugOpensAShellAndLeavingItEndsThePod(Cluster cluster, Kubectl kubectl) {
    KubectlClient newest = mostDifferent().get(mostDifferent().size() - 1);
    assumeTrue(newest.minor() >= 30, "no kubectl at hand has the profile sysadmin");
    String node = "node/" + cluster.backup();
    String image = "--image=nowhere.invalid/anything";
    try (Terminal shell =
        Terminal.open(newest.words("debug", node, "-it", "--profile=sysadmin", image))) {
      // Nothing was typed: who joins is shown the prompt that the shell has written before.
      shell.expect("# ", SOON);
      shell.type("echo in-$((40 + 2))-$(tty)");
      shell.expect("in-42-/dev/pts/", SOON);
      shell.type("exit");
      shell.exit(SOON);
    }
    String pod =
        kubectl
            .out("get", "pods", "-o", "name")
            .lines()
            .filter(name -> name.contains("node-debugger-"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("kubectl debug made no pod"));
    Await.until(
        pod + " has succeeded",
        SOON,
        () -> kubectl.field(pod, "{.status.phase}").equals(Optional.of("Succeeded")));
    assertThat(events(kubectl, pod)).contains("the image nowhere.invalid/anything is not used");
    kubectl.out("delete", pod, "--wait=true", "--timeout=15s");
  }

  @Test
  @Order(11)
  void kubectlDebugWithoutThatProfileIsToldWhatToDo(Cluster cluster, Kubectl kubectl) {
    KubectlClient newest = mostDifferent().get(mostDifferent().size() - 1);
    assumeTrue(newest.minor() >= 30, "no kubectl at hand shows what a container waits for");
    String node = "node/" + cluster.backup();
    try (Terminal shell =
        Terminal.open(newest.words("debug", node, "-it", "--profile=general", "--image=x"))) {
      shell.expect("is not privileged: say 'kubectl debug --profile=sysadmin'", SOON);
    }
    kubectl.out("delete", "pods", "--all", "--wait=true", "--timeout=15s");
  }

  /** What {@code kubectl run -i} makes of itself has no node, and no stdin in what it is told. */
  private static final String SCRIPTED =
      """
      {"spec": {"nodeName": "%s", "hostNetwork": true, "hostPID": true,
        "tolerations": [{"operator": "Exists"}],
        "containers": [{"name": "scripted", "image": "lifeline.local/none",
          "command": ["bash"], "stdin": true, "stdinOnce": true,
          "securityContext": {"privileged": true},
          "volumeMounts": [{"name": "host", "mountPath": "/host"}]}],
        "volumes": [{"name": "host", "hostPath": {"path": "/"}}]}}
      """;

  @ParameterizedTest(name = "{0}: run -i")
  @MethodSource("mostDifferent")
  @Order(12)
  void aScriptIsTheInputOfKubectlRunAndThePodEndsWithIt(KubectlClient client, Cluster cluster) {
    List<String> run = new ArrayList<>(List.of("run", "scripted", "-i", "--restart=Never"));
    run.add("--image=lifeline.local/none");
    run.add("--overrides=" + SCRIPTED.formatted(cluster.backup()));
    Command.Outcome ran =
        client.command(run.toArray(String[]::new)).run("sleep 1; echo in-$((40 + 2)); (exit 6)");
    assertThat(ran.out()).as("%s", ran).contains("in-42\n");
    assertThat(ran.exit()).as("%s", ran).isEqualTo(6);
    client.command("delete", "pod", "scripted", "--wait=true", "--timeout=15s").output();
  }

  private static String events(Kubectl kubectl, String pod) {
    String name = pod.substring(pod.indexOf('/') + 1);
    return kubectl.out(
        "get",
        "events",
        "--field-selector=involvedObject.name=" + name,
        "-o",
        "jsonpath={.items[*].message}");
  }
}
