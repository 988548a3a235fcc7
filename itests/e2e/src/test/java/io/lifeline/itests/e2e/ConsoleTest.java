package io.lifeline.itests.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Karaf's console in the running distribution: at a terminal, and by bin/lifeline-client without
 * one.
 */
@Order(3)
@ExtendWith(OnCluster.class)
class ConsoleTest {

  private static final Duration START = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static String program(Cluster cluster, String name) {
    return cluster.home().resolve("karaf-assembly/target/assembly/bin/" + name).toString();
  }

  /**
   * The words before a program: in namespaces of its own it meets no network and leaves no mount.
   */
  private List<String> agent() {
    return new ArrayList<>(
        List.of(
            "unshare",
            "--net",
            "--mount",
            "env",
            "LIFELINE_ROLE=agent",
            "LIFELINE_SUPERVISE=false",
            "LIFELINE_CONSOLE=true",
            "LIFELINE_STATE_DIR=" + folder.resolve("state"),
            "LIFELINE_NODE_WORKER_ROOT=/",
            "HOST_IP=127.0.0.1",
            "KUBECONFIG=" + folder.resolve("no-kubeconfig")));
  }

  @Test
  void anAgentAtATerminalAnswersAtItsPrompt(Cluster cluster) {
    List<String> words = agent();
    words.add(program(cluster, "lifeline"));
    try (Terminal terminal = Terminal.open(words)) {
      terminal.expect("karaf", START);
      terminal.expect(">", START);
      terminal.type("rescue:status");
      terminal.expect("WATCHING (watching the worker)", START);
      // The prompt is there before the last of the services.
      Await.until(
          "session:list shows its table",
          START,
          () -> {
            terminal.type("session:list");
            terminal.expect("ID  DOOR  SINCE", Duration.ofSeconds(3));
            return true;
          });
    }
  }

  @Test
  void anAgentWithoutATerminalAnswersTheClient(Cluster cluster) {
    String asks =
        """
        "%1$s" >"%3$s/log" 2>&1 </dev/null & agent=$!
        tries=0
        until said=$("%2$s" session:list -o json 2>&1) || [ $tries -gt 60 ]; do tries=$((tries + 1)); sleep 1; done
        echo "$said"
        "%2$s" rescue:status
        "%2$s" nodedebug:list
        "%2$s" session:join amber-7; echo "code $?"
        echo "<$("%2$s" bundle:restart io.lifeline.session.engine 2>&1)>"
        kill $agent; wait $agent
        "%2$s" rescue:status; echo "code $?"
        """
            .formatted(program(cluster, "lifeline"), program(cluster, "lifeline-client"), folder);
    List<String> words = agent();
    words.addAll(List.of("bash", "-c", asks));
    Command.Outcome outcome = Command.of(words).within(Duration.ofMinutes(2)).run();
    assertThat(outcome.out())
        .contains(
            "WATCHING (watching the worker)",
            "[]",
            "no NodeDebugDesk is here",
            "this console has no terminal",
            "code 1");
    // It logs on the command's own thread.
    assertThat(outcome.out()).contains("<>\n");
    assertThat(folder.resolve("log")).content().contains("Updating commands for bundle");
    assertThat(outcome.err()).contains("nobody answers at");
  }

  @Test
  void theOperatorsConsoleListsAndApproves(Cluster cluster, Rescue rescue, Kubectl kubectl) {
    String prefix =
        "LIFELINE_STATE_DIR=%s LIFELINE_ROLE=operator LIFELINE_CONSOLE=true KUBECONFIG=%s "
            .formatted(folder.resolve("state"), cluster.kubeconfig());
    cluster.breakWorker(Cluster.Fault.KUBELET);
    try {
      rescue.wish();
      String request = rescue.awaitRequest();
      Command.Outcome outcome =
          Command.shell(
                  """
                  %1$s "%2$s" >"%4$s/log" 2>&1 </dev/null & operator=$!
                  tries=0
                  until said=$(%1$s "%3$s" nodedebug:list 2>&1) || [ $tries -gt 60 ]; do tries=$((tries + 1)); sleep 1; done
                  echo "$said"
                  %1$s "%3$s" nodedebug:approve nobody
                  %1$s "%3$s" nodedebug:approve %5$s
                  kill $operator; wait $operator
                  """
                      .formatted(
                          prefix,
                          program(cluster, "lifeline"),
                          program(cluster, "lifeline-client"),
                          folder,
                          cluster.worker()))
              .within(Duration.ofMinutes(2))
              .run();
      assertThat(outcome.text())
          .contains(request + " waits", "there is no NodeDebug 'nobody'", request + " is approved");
      assertThat(kubectl.out("get", "csr", request, "-o", "yaml"))
          .contains("Approved at the operator's console by 'client'");
      rescue.awaitBackupNode();
    } finally {
      cluster.mendWorker();
    }
    rescue.awaitNothingLeft();
    rescue.withdraw();
  }
}
