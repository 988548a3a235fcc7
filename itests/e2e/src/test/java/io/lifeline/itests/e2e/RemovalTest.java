package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code container/remove.sh} says when it cannot do it, and a removal that was interrupted.
 * The whole removal is what all of these tests end with: {@link Pods#remove}.
 */
@Order(7)
@ExtendWith(OnCluster.class)
class RemovalTest {

  private static final String COMMAND = "{.spec.template.spec.containers[0].command[0]}";

  @TempDir Path folder;

  @BeforeEach
  void asPods(Cluster cluster) {
    assumeThat(cluster.local()).as("processes instead of pods").isFalse();
  }

  @Test
  @Order(1)
  void whoMayNotIsToldBeforeAnythingHasGone(Cluster cluster, Kubectl kubectl) throws IOException {
    Path kubeconfig = kubeconfig(kubectl);
    Certificate user = Certificate.ofUser(folder, "mallory", kubectl);
    config(
        kubeconfig,
        kubectl,
        "set-credentials",
        "mallory",
        "--client-certificate=" + user.chain(),
        "--client-key=" + user.key());
    config(kubeconfig, kubectl, "set-context", "--current", "--user=mallory");
    refusedWith(cluster, kubectl, kubeconfig, "It takes an administrator of the cluster");
  }

  @Test
  @Order(2)
  void anApiServerThatDoesNotAnswerIsTold(Cluster cluster, Kubectl kubectl) throws IOException {
    Path kubeconfig = kubeconfig(kubectl);
    String name = config(kubeconfig, kubectl, "view", "-o", "jsonpath={.clusters[0].name}");
    config(kubeconfig, kubectl, "set-cluster", name, "--server=https://127.0.0.1:1");
    refusedWith(cluster, kubectl, kubeconfig, "KUBECONFIG choose another cluster");
  }

  private static void refusedWith(
      Cluster cluster, Kubectl kubectl, Path kubeconfig, String whatToDo) {
    String before = objects(kubectl);
    Command.Outcome outcome = new RemovalScript(cluster, kubeconfig).run();
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("nothing was changed", whatToDo);
    assertThat(objects(kubectl)).isEqualTo(before);
  }

  private static String objects(Kubectl kubectl) {
    return kubectl.out(
        "get",
        "crds,clusterroles,daemonsets,deployments,jobs",
        "--all-namespaces",
        "--selector=app.kubernetes.io/name=lifeline",
        "--output=jsonpath={range .items[*]}{.metadata.uid} {.metadata.generation}{\"\\n\"}{end}");
  }

  /** The administrator's, for changing. */
  private Path kubeconfig(Kubectl kubectl) throws IOException {
    Path copy = folder.resolve("kubeconfig");
    return Files.writeString(copy, kubectl.out("config", "view", "--raw", "--minify", "--flatten"));
  }

  private static String config(Path kubeconfig, Kubectl kubectl, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "config";
    System.arraycopy(words, 0, all, 1, words.length);
    return new Kubectl(kubectl.program(), kubeconfig).out(all);
  }

  /** In the moment in which it has taken the agents away. */
  @Test
  @Order(3)
  void whatAnInterruptedRemovalSaysBringsTheAgentsBack(
      Cluster cluster, Installation installation, Kubectl kubectl) throws Exception {
    Path said = folder.resolve("said");
    Process removal =
        new RemovalScript(cluster)
            .builder()
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      Await.until(
          "the removal has the agents end",
          Duration.ofMinutes(2),
          () ->
              kubectl
                  .field(Parts.AGENT, COMMAND, "-n", Parts.NAMESPACE)
                  .filter("sh"::equals)
                  .isPresent());
    } finally {
      removal.destroy();
    }
    assertThat(removal.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readString(said)).contains("To keep Lifeline instead: '");
    String keep =
        Files.readString(said).replaceAll("(?s).*To keep Lifeline instead: '(.*)'.*", "$1");
    Command.shell(keep)
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .within(Duration.ofMinutes(2))
        .output();
    installation.awaitArmed();
    assertThat(kubectl.field(Parts.AGENT, COMMAND, "-n", Parts.NAMESPACE))
        .hasValueSatisfying(command -> assertThat(command).endsWith("/bin/lifeline"));
  }
}
