package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who and what is not let in, while a backup node serves. */
@Order(2)
@SharedRescue
@ExtendWith(OnCluster.class)
class RefusalsTest {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String EXEC = "/exec/default/debug-pod/debug?command=id&output=1&error=1";

  /** What a refusal must name, for each flaw. */
  private static final Map<DebugPod.Flaw, String> NAMED =
      Map.of(
          DebugPod.Flaw.NOT_PRIVILEGED, "is not privileged",
          DebugPod.Flaw.NO_HOST_NETWORK, "hostNetwork is not true",
          DebugPod.Flaw.NO_HOST_PID, "hostPID is not true",
          DebugPod.Flaw.OTHER_NAMESPACE, "namespace is kube-public",
          DebugPod.Flaw.ROOT_NOT_AT_HOST, "/ is not mounted at /host",
          DebugPod.Flaw.NOT_THE_ROOT, "volume host is not",
          DebugPod.Flaw.ANOTHER_VOLUME, "volume more",
          DebugPod.Flaw.SIDECAR, "exactly one container");

  @TempDir static Path folder;

  @BeforeAll
  static void aBackupNodeServes(Cluster cluster, Rescue rescue, Kubectl kubectl) {
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    // All at once: each test then only looks at its own.
    for (DebugPod.Flaw flaw : DebugPod.Flaw.values()) {
      kubectl.apply(flawed(cluster, flaw).yaml());
    }
  }

  @AfterAll
  static void theWorkerIsMended(Cluster cluster, Rescue rescue) {
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }

  private static DebugPod flawed(Cluster cluster, DebugPod.Flaw flaw) {
    String name = flaw.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return DebugPod.on(cluster.backup()).with(flaw).named(name);
  }

  @ParameterizedTest(
      name = "a debug pod that is {0} stays Pending and is told which check it failed")
  @EnumSource(DebugPod.Flaw.class)
  @Order(1)
  void aPodWithAFlawStaysPendingAndIsToldWhich(
      DebugPod.Flaw flaw, Cluster cluster, Kubectl kubectl) {
    DebugPod pod = flawed(cluster, flaw);
    refusedNaming(kubectl, pod, NAMED.get(flaw));
    kubectl.out("delete", "pod", pod.name(), "-n", pod.namespace(), "--wait=true", "--timeout=15s");
  }

  @Test
  @Order(2)
  void aSecondDebugPodIsRefused(Cluster cluster, Rescue rescue, Kubectl kubectl) {
    rescue.createPod();
    DebugPod second = DebugPod.on(cluster.backup()).named("second-pod");
    kubectl.apply(second.yaml());
    refusedNaming(kubectl, second, "debug-pod");
    kubectl.out("delete", "pod", second.name(), "--wait=true", "--timeout=15s");
  }

  private static void refusedNaming(Kubectl kubectl, DebugPod pod, String check) {
    String object = "pod/" + pod.name();
    Await.until(
        "a condition of %s names '%s'".formatted(object, check),
        SOON,
        () ->
            kubectl
                .field(object, "{.status.conditions[*].message}", "-n", pod.namespace())
                .filter(message -> message.contains(check))
                .isPresent());
    Await.until(
        "an Event of %s names '%s'".formatted(object, check),
        SOON,
        () ->
            kubectl
                .out(
                    "get",
                    "events",
                    "-n",
                    pod.namespace(),
                    "--field-selector=involvedObject.name=" + pod.name(),
                    "-o",
                    "jsonpath={.items[*].message}")
                .contains(check));
    assertThat(kubectl.field(object, "{.status.phase}", "-n", pod.namespace())).contains("Pending");
  }

  // --- at the proxy ---

  private static Https atProxy(Cluster cluster, String worker) {
    String host = cluster.local() ? "127.0.0.1" : cluster.address(cluster.peer());
    return Https.to("https://%s:%d/v1/bootstrap".formatted(host, Parts.PROXY_PORT))
        .posting("{\"workerName\":\"%s\"}".formatted(worker));
  }

  private static Certificate enrolled(Cluster cluster) {
    Command.Outcome kept = cluster.onWorker("cat /run/lifeline/credential/enrolment").orElseThrow();
    return Certificate.ofAgent(folder, cluster.worker(), kept.out());
  }

  @Test
  @Order(3)
  void theProxyAnswersTheAgentOfTheBrokenWorker(Cluster cluster) {
    Https.Answer answer = atProxy(cluster, cluster.worker()).showing(enrolled(cluster)).answer();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("clusters");
  }

  @Test
  @Order(3)
  void theProxyRefusesAnAgentThatAsksForAnotherWorker(Cluster cluster) {
    Https.Answer answer = atProxy(cluster, cluster.peer()).showing(enrolled(cluster)).answer();
    assertThat(answer.status()).as(answer.body()).isIn(403, 404);
    assertThat(answer.body()).isNotBlank().doesNotContain("clusters");
  }

  @Test
  @Order(3)
  void theProxyRefusesACallerWithoutACertificate(Cluster cluster) {
    assertThat(atProxy(cluster, cluster.worker()).answer().status()).isIn(0, 401, 403);
  }

  @Test
  @Order(3)
  void theProxyRefusesACertificateOfAnotherAuthority(Cluster cluster) {
    Certificate stranger =
        Certificate.ofAnotherAuthority(folder, "/O=lifeline/CN=" + cluster.worker());
    assertThat(atProxy(cluster, cluster.worker()).showing(stranger).answer().status())
        .isIn(0, 401, 403);
  }

  @Test
  @Order(3)
  void theProxyRefusesACertificateOfTheClusterThatIsNotAnAgents(Cluster cluster, Kubectl kubectl) {
    Certificate user = Certificate.ofUser(folder, "mallory", kubectl);
    assertThat(atProxy(cluster, cluster.worker()).showing(user).answer().status())
        .isIn(0, 401, 403);
  }

  @Test
  @Order(3)
  void theProxyRefusesAWorkerThatIsReady(Cluster cluster, Kubectl kubectl) {
    String agent =
        kubectl.out(
            "get",
            "pods",
            "-n",
            Parts.NAMESPACE,
            "-l",
            "app.kubernetes.io/component=agent",
            "--field-selector=spec.nodeName=" + cluster.peer(),
            "-o",
            "name");
    String kept =
        kubectl.out(
            "exec",
            "-n",
            Parts.NAMESPACE,
            agent,
            "--",
            "cat",
            "/proc/1/root/run/lifeline/credential/enrolment");
    Certificate peer = Certificate.ofAgent(folder, cluster.peer(), kept);
    kubectl.apply(
        Rescue.nodeDebugYaml(cluster.peer(), cluster)
            .replace("workerName: " + cluster.worker(), "workerName: " + cluster.peer()));
    try {
      Await.until(
          "the NodeDebug of the Ready worker is taken on",
          SOON,
          () -> kubectl.condition("nodedebug/" + cluster.peer(), "Accepted").equals("True"));
      Https.Answer answer = atProxy(cluster, cluster.peer()).showing(peer).answer();
      assertThat(answer.status()).as(answer.body()).isIn(403, 404);
      assertThat(answer.body()).contains("Ready").doesNotContain("clusters");
    } finally {
      kubectl.out("delete", "nodedebug", cluster.peer(), "--wait=true", "--timeout=15s");
    }
  }

  // --- at the agent's port ---

  private static Https atAgent(Cluster cluster, String path) {
    return Https.to(
        "https://%s:%d%s".formatted(cluster.address(cluster.worker()), Parts.KUBELET_PORT, path));
  }

  @Test
  @Order(4)
  void execWithoutCredentialsIsUnauthorized(Cluster cluster) {
    assertThat(atAgent(cluster, EXEC).with("-X", "POST").answer().status()).isEqualTo(401);
    assertThat(atAgent(cluster, "/pods").answer().status()).isEqualTo(401);
  }

  @Test
  @Order(4)
  void execWithACertificateOfAnotherAuthorityIsRefused(Cluster cluster) {
    Certificate stranger =
        Certificate.ofAnotherAuthority(folder, "/O=system:masters/CN=kube-apiserver");
    assertThat(atAgent(cluster, EXEC).with("-X", "POST").showing(stranger).answer().status())
        .isIn(0, 401);
  }

  @Test
  @Order(4)
  void execWithTheCertificateOfAnOrdinaryUserIsForbidden(Cluster cluster, Kubectl kubectl) {
    Certificate user = Certificate.ofUser(folder, "alice", kubectl);
    Https.Answer answer = atAgent(cluster, EXEC).with("-X", "POST").showing(user).answer();
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains("alice");
  }

  @Test
  @Order(4)
  void execWithTheTokenOfAnOrdinaryUserIsForbiddenAlsoByWebSocket(
      Cluster cluster, Kubectl kubectl) {
    String bearer =
        "Authorization: Bearer " + kubectl.out("create", "token", "default", "-n", "default");
    assertThat(atAgent(cluster, EXEC).with("-X", "POST").header(bearer).answer().status())
        .isEqualTo(403);
    assertThat(
            atAgent(cluster, EXEC)
                .header(bearer)
                .header("Connection: Upgrade")
                .header("Upgrade: websocket")
                .header("Sec-WebSocket-Version: 13")
                .header("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                .header("Sec-WebSocket-Protocol: v5.channel.k8s.io")
                .answer()
                .status())
        .isEqualTo(403);
  }

  @Test
  @Order(4)
  void theAdministratorsCertificateIsLetIn(Cluster cluster, Kubectl kubectl) {
    Certificate.ofAdministrator(folder, kubectl)
        .ifPresent(
            admin -> {
              Https.Answer answer = atAgent(cluster, "/pods").showing(admin).answer();
              assertThat(answer.status()).as(answer.body()).isEqualTo(200);
              assertThat(answer.body()).contains("debug-pod");
            });
  }

  @Test
  @Order(4)
  void execInAPodThatDoesNotExistIsNotFound(Cluster cluster, Kubectl kubectl) {
    Certificate.ofAdministrator(folder, kubectl)
        .ifPresent(
            admin ->
                assertThat(
                        atAgent(cluster, EXEC.replace("debug-pod", "no-such-pod"))
                            .with("-X", "POST")
                            .showing(admin)
                            .answer()
                            .status())
                    .isEqualTo(404));
  }

  // --- at the API ---

  @Test
  @Order(5)
  void aRequestOfTheBootstrapIdentityForAnotherNodeIsDenied(Cluster cluster, Kubectl kubectl) {
    String account =
        kubectl
            .out("get", "serviceaccounts", "-n", "lifeline-bootstrap", "-o", "name")
            .lines()
            .map(name -> name.replaceFirst(".*/", ""))
            .filter(name -> name.contains(cluster.worker()))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no bootstrap identity of " + cluster.worker()));
    String token = kubectl.out("create", "token", account, "-n", "lifeline-bootstrap");
    String request = "e2e-another-node";
    String pem =
        Certificate.requestFor(
            folder.resolve("another.key"), "/O=system:nodes/CN=system:node:" + cluster.peer());
    asBootstrap(kubectl, token)
        .output(
            Certificate.requestYaml(
                request,
                pem,
                "kubernetes.io/kube-apiserver-client-kubelet",
                "[digital signature, client auth]"));
    try {
      Await.until(
          "the request is denied",
          SOON,
          () ->
              kubectl
                  .field("csr/" + request, "{.status.conditions[*].type}")
                  .filter(types -> types.contains("Denied"))
                  .isPresent());
    } finally {
      kubectl.run("delete", "csr", request);
    }
  }

  private static Command asBootstrap(Kubectl kubectl, String token) {
    String server = "jsonpath={.clusters[0].cluster.server}";
    return Command.of(
        kubectl.program(),
        "--kubeconfig=/dev/null",
        "--server=" + kubectl.out("config", "view", "--raw", "--minify", "-o", server),
        "--insecure-skip-tls-verify=true",
        "--token=" + token,
        "create",
        "-f",
        "-");
  }

  @Test
  @Order(5)
  void aSecondNodeDebugForTheSameWorkerSaysSoAndDoesNothing(Cluster cluster, Kubectl kubectl) {
    kubectl.apply(Rescue.nodeDebugYaml("another-wish", cluster));
    try {
      Await.until(
          "the second NodeDebug is refused with a sentence that names the first",
          SOON,
          () ->
              kubectl
                  .field(
                      "nodedebug/another-wish",
                      "{.status.conditions[?(@.type==\"Accepted\")].message}")
                  .filter(message -> message.contains(cluster.worker()))
                  .isPresent());
      assertThat(kubectl.field("nodedebug/another-wish", "{.status.phase}")).contains("Refused");
    } finally {
      kubectl.out("delete", "nodedebug", "another-wish", "--wait=true", "--timeout=15s");
    }
  }

  @Test
  @Order(5)
  void aNodeDebugWithAWrongNameIsRefusedByTheSchema(Cluster cluster, Kubectl kubectl) {
    String yaml =
        Rescue.nodeDebugYaml("wrong", cluster)
            .replace("workerName: " + cluster.worker(), "workerName: Not_A_Node");
    Command.Outcome refused = kubectl.command("apply", "-f", "-").run(yaml);
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("workerName");
  }
}
