package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * For clusters that cannot pull the image: operator and proxy are processes of this machine with
 * the administrator's kubeconfig, the agent is a process of the worker.
 */
final class LocalProcesses implements Installation {

  private static final Duration START = Duration.ofSeconds(60);
  private static final String SSH_KEYS = "/run/lifeline-e2e-ssh";

  private final Cluster cluster;
  private final Kubectl kubectl;
  private final AgentProcess agent;
  private final Path folder;
  private final LocalRole operator;
  private final LocalRole proxy;

  LocalProcesses(Cluster cluster) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl().within(START);
    this.agent = new AgentProcess(cluster);
    this.folder = cluster.home().resolve("target/e2e-local");
    String program = agent.distribution().resolve("bin/lifeline").toString();
    this.operator =
        new LocalRole(
            List.of(program),
            variables(
                "operator",
                Map.of(
                    "LIFELINE_OPERATOR_PROXY_MANAGE", "false",
                    "LIFELINE_OPERATOR_END_READY_WAIT", "20s")),
            folder.resolve("operator.log"));
    // The proxy's certificate comes and goes with the NodeDebugs, and so does the proxy.
    this.proxy =
        new LocalRole(
            List.of(
                "bash",
                cluster.home().resolve("itests/cli/lib/local-proxy.sh").toString(),
                kubectl.program(),
                folder.resolve("tls").toString(),
                program),
            variables(
                "proxy",
                Map.of(
                    "LIFELINE_PROXY_PORT", Integer.toString(Parts.PROXY_PORT),
                    "LIFELINE_PROXY_TLS", folder.resolve("tls").toString())),
            folder.resolve("proxy.log"));
  }

  private Map<String, String> variables(String role, Map<String, String> more) {
    Map<String, String> variables = new TreeMap<>(more);
    variables.put("LIFELINE_ROLE", role);
    variables.put("LIFELINE_STATE_DIR", folder.resolve(role).toString());
    variables.put("KUBECONFIG", cluster.kubeconfig().toString());
    return variables;
  }

  @Override
  public void install() {
    Path manifests = cluster.home().resolve("container/manifests");
    for (String file : List.of("00-namespaces.yaml", "10-crd.yaml", "20-rbac.yaml")) {
      kubectl.out("apply", "-f", manifests.resolve(file).toString());
    }
    operator.start();
    proxy.start();
    agent.ship();
    startAgent(Map.of());
  }

  private Command.Outcome onWorker(String line) {
    Command.Outcome outcome =
        cluster.onWorker(line).orElseThrow(() -> new IllegalStateException("no way onto it"));
    if (!outcome.succeeded()) {
      throw new AssertionError("on the worker, this command failed:\n" + outcome);
    }
    return outcome;
  }

  private void startAgent(Map<String, String> more) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("LIFELINE_NODE_CREDENTIAL_PROXY_PEERS", thisMachine());
    variables.put("LIFELINE_NODE_CREDENTIAL_API_SERVERS", apiServer());
    variables.putAll(more);
    agent.start(variables);
  }

  /** This machine's address, as the worker reaches it. */
  private String thisMachine() {
    String given = System.getenv("E2E_PROXY_ADDRESS");
    return given != null && !given.isBlank()
        ? given
        : Command.shell(
                "ip -o route get %s | sed 's/.* src \\([^ ]*\\).*/\\1/'"
                    .formatted(cluster.address(cluster.worker())))
            .output();
  }

  /** The API server as the cluster itself publishes it. */
  private String apiServer() {
    String place = "{.subsets[0].addresses[0].ip}:{.subsets[0].ports[0].port}";
    return "https://"
        + kubectl
            .field("endpoints/kubernetes", place, "-n", "default")
            .orElseThrow(() -> new AssertionError("there are no Endpoints default/kubernetes"));
  }

  @Override
  public AgentProcess agentAsProcess(Map<String, String> variables) {
    agentSettings(variables);
    return agent;
  }

  @Override
  public void agentAsBefore() {
    agentSettings(Map.of());
  }

  @Override
  public void agentSettings(Map<String, String> variables) {
    agent.stop();
    startAgent(variables);
  }

  @Override
  public void sshKeys(Path authorizedKeys, Path trustedCa, Map<String, String> more) {
    try {
      onWorker(
          "mkdir -p %1$s && echo '%2$s' >%1$s/keys && echo '%3$s' >%1$s/ca"
              .formatted(
                  SSH_KEYS,
                  Files.readString(authorizedKeys).strip(),
                  Files.readString(trustedCa).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException("the keys of the test cannot be read", e);
    }
    Map<String, String> variables = new TreeMap<>(more);
    variables.put("LIFELINE_SSH", "true");
    variables.put("LIFELINE_SSH_SERVER_AUTHORIZED_KEYS", SSH_KEYS + "/keys");
    variables.put("LIFELINE_SSH_SERVER_TRUSTED_CA", SSH_KEYS + "/ca");
    agentSettings(variables);
  }

  @Override
  public void withoutSsh(Map<String, String> more) {
    agentSettings(more);
    onWorker("rm -rf " + SSH_KEYS);
  }

  /** Whoever starts it here has waited for that. */
  @Override
  public void awaitArmed() {}

  @Override
  public void remove() {
    kubectl.run("delete", "nodedebugs", "--all", "--timeout=50s");
    agent.stop();
    proxy.kill();
    operator.kill();
    onWorker("umount /run/lifeline; rm -rf /run/lifeline; true");
    agent.remove();
    Path manifests = cluster.home().resolve("container/manifests");
    for (String file : List.of("20-rbac.yaml", "10-crd.yaml", "00-namespaces.yaml")) {
      kubectl.out("delete", "--ignore-not-found", "-f", manifests.resolve(file).toString());
    }
  }

  @Override
  public void killOperator() {
    operator.kill();
    operator.start();
  }

  @Override
  public void killProxy() {
    proxy.kill();
    proxy.start();
  }

  @Override
  public String agentLog() {
    return agent.log();
  }
}
