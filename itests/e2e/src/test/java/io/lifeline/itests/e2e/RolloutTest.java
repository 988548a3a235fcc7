package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.Report;
import io.lifeline.itests.testkit.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A LifelineConfig takes the agents of both workers from one release to the next, by an operator of
 * an image that brings it. The agents' pods and processes stay.
 */
@Order(5)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(OnCluster.class)
class RolloutTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration ROLLED = Duration.ofMinutes(3);
  private static final String CONFIG = "lifelineconfig/lifeline";
  private static final String NOTE = "{.metadata.annotations.lifeline\\.io/%s}";

  private static void version(Kubectl kubectl, String version) {
    kubectl.apply(
        """
        apiVersion: lifeline.io/v1alpha1
        kind: LifelineConfig
        metadata: {name: lifeline}
        spec: {agentVersion: %s}
        """
            .formatted(version));
  }

  private static String note(Kubectl kubectl, String node, String name) {
    return kubectl.field("node/" + node, NOTE.formatted(name)).orElse("");
  }

  private static String message(Kubectl kubectl) {
    return kubectl.field(CONFIG, "{.status.message}").orElse("");
  }

  private static String reason(Kubectl kubectl) {
    return kubectl.field(CONFIG, "{.status.conditions[?(@.type==\"Updated\")].reason}").orElse("");
  }

  private static void awaitReason(Kubectl kubectl, String reason, Duration within) {
    Await.until(
        "the rollout is " + reason,
        within,
        () -> {
          String now = reason(kubectl);
          if (!now.equals(reason)) {
            throw new AssertionError("it is '%s': %s".formatted(now, message(kubectl)));
          }
          return true;
        });
  }

  private static String running(Cluster cluster) {
    return cluster
        .kubectl()
        .field("node/" + cluster.worker(), NOTE.formatted("agent-running"))
        .orElse("");
  }

  private static void loadNextImage(Cluster cluster) throws IOException {
    String load = Optional.ofNullable(System.getenv("E2E_LOAD")).orElse("");
    assumeTrue(!load.isEmpty() && !cluster.local(), "images can be brought onto the workers");
    try (NextImage image = NextImage.of(cluster.home())) {
      image.release("0.2.0", Optional.empty());
      image.release("0.3.0", Optional.of("node.monitor"));
      Path archive = image.archive();
      Command.shell(load + " " + archive).in(cluster.home()).within(ROLLED).output();
    }
  }

  private static void operatorOf(Kubectl kubectl, String image) {
    kubectl.out("set", "image", "-n", Parts.NAMESPACE, Parts.OPERATOR, "operator=" + image);
    kubectl.out(
        "set",
        "env",
        "-n",
        Parts.NAMESPACE,
        Parts.OPERATOR,
        "LIFELINE_OPERATOR_PROXY_IMAGE=" + image);
    kubectl
        .within(ROLLED)
        .out("rollout", "status", "-n", Parts.NAMESPACE, Parts.OPERATOR, "--timeout=120s");
  }

  @Test
  @Order(1)
  void aVersionThatNobodyHasIsRefusedWithThoseThatAreThere(Cluster cluster, Kubectl kubectl) {
    for (String node : List.of(cluster.worker(), cluster.peer())) {
      Await.until(
          "the agent of " + node + " tells what it runs",
          SOON,
          () -> note(kubectl, node, "agent-running").equals("0.1.0"));
    }
    version(kubectl, "9.9.9");
    awaitReason(kubectl, "ReleaseMissing", SOON);
    assertThat(message(kubectl)).contains("no release 9.9.9", "The operator has 0.1.0");
    assertThat(note(kubectl, cluster.worker(), "agent-version")).isEmpty();
  }

  @Test
  @Order(2)
  void theNextVersionComesToOneNodeAfterTheOtherAndNoProcessEnds(
      Cluster cluster, Kubectl kubectl, Report report) throws IOException {
    loadNextImage(cluster);
    operatorOf(kubectl, NextImage.NAME);
    Optional<String> pid = Installation.agentPid(cluster);
    long began = System.nanoTime();
    List<String> nodes = List.of(cluster.worker(), cluster.peer());
    try (Watch watch = Watch.of(watching(kubectl, nodes))) {
      version(kubectl, "0.2.0");
      awaitReason(kubectl, "Done", ROLLED);
      String asked = "=0\\.2\\.0,0\\.1\\.0";
      assertThat(watch.find(line -> line.matches(".*" + asked + " .*" + asked + ".*")))
          .as("both at once")
          .isEmpty();
    }
    report.measured(
        Measurement.alone(
            "rollout: two agents, one after the other", (System.nanoTime() - began) / 1e9, "s"));
    for (String node : nodes) {
      assertThat(note(kubectl, node, "agent-running")).as(node).isEqualTo("0.2.0");
      assertThat(note(kubectl, node, "agent-upgrade-failed")).as(node).isEmpty();
    }
    assertThat(Installation.agentPid(cluster)).as("the agent's process").isEqualTo(pid);
    assertThat(message(kubectl)).isEqualTo("2 of 2 nodes have 0.2.0.");
    Await.until(
        "the proxy goes again", SOON, () -> !kubectl.exists(Parts.PROXY, "-n", Parts.NAMESPACE));
  }

  /** A line whenever a Node changes: what each was asked for and what it runs. */
  private static List<String> watching(Kubectl kubectl, List<String> nodes) {
    String line =
        "jsonpath={range .items[*]} {.metadata.name}=%s,%s{end}{\"\\n\"}"
            .formatted(NOTE.formatted("agent-version"), NOTE.formatted("agent-running"));
    return List.of(
        "bash",
        "-c",
        "while sleep 0.2; do %s; done"
            .formatted(String.join(" ", kubectl.words("get", "nodes", "-o", "'" + line + "'"))));
  }

  @Test
  @Order(3)
  void theFirstThatCannotStopsItAndAChangedSpecGoesOn(Cluster cluster, Kubectl kubectl) {
    assumeTrue(running(cluster).equals("0.2.0"), "the agents run 0.2.0");
    version(kubectl, "0.3.0");
    awaitReason(kubectl, "Stopped", ROLLED);
    assertThat(kubectl.field(CONFIG, "{.status.failed}")).contains("1");
    String first =
        cluster.worker().compareTo(cluster.peer()) < 0 ? cluster.worker() : cluster.peer();
    String second = first.equals(cluster.worker()) ? cluster.peer() : cluster.worker();
    assertThat(message(kubectl))
        .contains("0 of 2 nodes have 0.3.0", first, "org.example.nowhere", "kubectl annotate node");
    assertThat(note(kubectl, first, "agent-running")).isEqualTo("0.2.0");
    assertThat(note(kubectl, second, "agent-version"))
        .as("the second was not asked")
        .isEqualTo("0.2.0");

    version(kubectl, "0.2.0");
    awaitReason(kubectl, "Done", ROLLED);
    assertThat(note(kubectl, first, "agent-upgrade-failed")).isEmpty();
  }

  @Test
  @Order(4)
  void anAgentThatWasKilledComesBackToTheReleaseByItself(Cluster cluster, Kubectl kubectl) {
    assumeTrue(running(cluster).equals("0.2.0"), "the agents run 0.2.0");
    Installation.killAgent(cluster);
    Await.until(
        "it is back",
        ROLLED,
        () -> {
          String log = Installation.of(cluster).agentLog();
          return log.lastIndexOf("0.2.0 runs") > log.lastIndexOf("it is started again");
        });
    awaitReason(kubectl, "Done", ROLLED);
  }

  @Test
  @Order(5)
  void withoutALifelineConfigNobodyIsAskedForAnything(Cluster cluster, Kubectl kubectl) {
    kubectl.out("delete", CONFIG);
    for (String node : List.of(cluster.worker(), cluster.peer())) {
      Await.until(
          "nobody asks the agent of " + node,
          SOON,
          () -> note(kubectl, node, "agent-version").isEmpty());
    }
    operatorOf(kubectl, "lifeline.local/lifeline:0.1.0");
  }
}
