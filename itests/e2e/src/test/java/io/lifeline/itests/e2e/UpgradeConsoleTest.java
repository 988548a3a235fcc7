package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.e2e.upgrade.AgentInside;
import io.lifeline.itests.e2e.upgrade.AgentInside.Installed;
import io.lifeline.itests.e2e.upgrade.People;
import io.lifeline.itests.e2e.upgrade.UpgradedAgent;
import io.lifeline.itests.e2e.upgrade.UpgradedAgent.Shipped;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades by hand, in the console of an agent in a rescue, while somebody types in a shell. */
@Order(6)
@SharedRescue
@ExtendWith(OnCluster.class)
class UpgradeConsoleTest {

  private static final String FEATURE =
      """
      <features xmlns="http://karaf.apache.org/xmlns/features/v1.6.0" name="%s">
        <feature name="%s" version="0.2.0"><bundle>file:%s/%s-0.2.0.jar</bundle></feature>
      </features>\
      """;

  private static final String LOADED = "--no-format -s | grep";

  @TempDir static Path folder;
  private static UpgradedAgent agent;
  private static String pid;
  private final People people = new People();

  @BeforeAll
  static void aDebugPodRuns(Cluster cluster, Installation installation, Rescue rescue) {
    AgentProcess process = installation.agentAsProcess(Map.of("LIFELINE_CONSOLE", "true"));
    pid = Installation.agentPid(cluster).orElseThrow();
    agent = new UpgradedAgent(process, pid, folder);
    rescue.reachBackupNode(Cluster.Fault.KUBELET);
    rescue.createPod();
  }

  @AfterAll
  static void theWorkerIsMended(Cluster cluster, Installation installation, Rescue rescue) {
    cluster.mendWorker();
    rescue.awaitNothingLeft();
    rescue.withdraw();
    installation.agentAsBefore();
  }

  @BeforeEach
  void somebodyTypes(Kubectl kubectl) {
    people.add(kubectl.words("exec", "-it", "debug-pod", "--", "bash"));
  }

  @AfterEach
  void andWasNotCut(Cluster cluster) throws Exception {
    try (people) {
      assertThat(people.stop()).isEmpty();
      assertThat(people.keys()).isPositive();
    }
    assertThat(Installation.agentPid(cluster)).contains(pid);
  }

  private static Command.Outcome ask(Cluster cluster, String command) {
    return cluster
        .onWorker("%s/bin/lifeline-client '%s'".formatted(AgentProcess.FOLDER, command))
        .orElseThrow();
  }

  private static String asked(Cluster cluster, String command) {
    Command.Outcome outcome = ask(cluster, command);
    assertThat(outcome.succeeded()).as("%s", outcome).isTrue();
    return outcome.out();
  }

  private static String debugPod(Cluster cluster) {
    return asked(cluster, "bundle:list " + LOADED + " io.lifeline.debugpod");
  }

  private static String upgrade(Shipped release, String pin) {
    return "lifeline:upgrade --pin %s %s".formatted(pin, release.place());
  }

  @Test
  @Order(1)
  void aPlanTellsWhatItWouldDoAndTouchesNothing(Cluster cluster) {
    Shipped release = agent.ship("planned", "0.1.1", List.of("debugpod", "runtime.oci"), m -> {});
    assertThat(asked(cluster, upgrade(release, release.pin() + " --plan")))
        .contains("0.1.0", "0.1.1", "io.lifeline.debugpod io.lifeline.runtime.oci")
        .contains("processes that run keep the old code", "1 sessions are open and go on");
    assertThat(debugPod(cluster)).contains("Active", "0.1.0");
    Command.Outcome refused = ask(cluster, upgrade(release, "0".repeat(64)));
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.out()).contains("is not the pinned one");
  }

  @Test
  @Order(2)
  void anUpgradeIsDoneShownAndTakenBack(Cluster cluster) {
    Shipped release = agent.ship("next", "0.1.2", List.of("debugpod", "runtime.oci"), m -> {});
    assertThat(asked(cluster, upgrade(release, release.pin()))).contains("runs");
    assertThat(debugPod(cluster)).contains("Active", "0.1.2");
    assertThat(asked(cluster, "lifeline:versions"))
        .containsPattern("runs +\\S+")
        .containsPattern("before +\\S+");
    assertThat(asked(cluster, "lifeline:rollback")).contains("runs");
    assertThat(debugPod(cluster)).contains("Active", "0.1.0");
    assertThat(ask(cluster, "lifeline:rollback").out()).contains("nothing to go back to");
  }

  @Test
  @Order(3)
  void aFeatureOfOneBundleReplacesThatBundleAndNothingElse(Cluster cluster, Kubectl kubectl) {
    for (String room : List.of("debugpod", "session.engine", "kubelet.server")) {
      String bundle = "io.lifeline." + room;
      String feature = "lifeline-" + room.replace('.', '-');
      Shipped release = agent.ship(room, "0.2.0");
      String repository = release.place() + "/features.xml";
      assertThat(
              cluster.onWorker(
                  "echo '%s' >%s"
                      .formatted(
                          FEATURE.formatted(room, feature, release.place(), room), repository)))
          .isPresent();
      Map<String, Installed> before = installed();
      asked(cluster, "feature:repo-add file:" + repository);
      asked(cluster, "feature:install --upgrade %s/0.2.0".formatted(feature));
      Map<String, Installed> after = installed();
      assertThat(asked(cluster, "bundle:list " + LOADED + " " + bundle).strip().lines())
          .singleElement()
          .asString()
          .contains("Active", "0.2.0");
      before.remove(bundle);
      after.remove(bundle);
      assertThat(after).as("all but %s", room).isEqualTo(before);
      assertThat(kubectl.out("exec", "debug-pod", "--", "bash", "-c", "echo " + room))
          .isEqualTo(room);
    }
  }

  @Test
  @Order(4)
  void karafsOwnCommandReplacesABundleAsWell(Cluster cluster, Kubectl kubectl) {
    for (String room : List.of("debugpod", "runtime.oci", "session.engine", "kubelet.server")) {
      Shipped release = agent.ship(room, "0.1.3");
      asked(
          cluster,
          "bundle:update io.lifeline.%1$s file:%2$s/%1$s-0.1.3.jar"
              .formatted(room, release.place()));
      assertThat(asked(cluster, "bundle:list " + LOADED + " io.lifeline." + room))
          .contains("Active", "0.1.3");
      assertThat(kubectl.out("exec", "debug-pod", "--", "bash", "-c", "echo " + room))
          .isEqualTo(room);
    }
  }

  private static Map<String, Installed> installed() {
    return AgentInside.bundles(agent.obey(Duration.ofSeconds(20), List.of("state")));
  }
}
