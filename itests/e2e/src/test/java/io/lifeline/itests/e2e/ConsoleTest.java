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
      // The prompt is there before the last of the services; which phase it is then depends on
      // when.
      shows(terminal, "rescue:status", "phase");
      shows(terminal, "session:list", "ID  DOOR  SINCE");
    }
  }

  private static void shows(Terminal terminal, String command, String what) {
    Await.until(
        command + " shows '" + what + "'",
        START,
        () -> {
          terminal.type(command);
          terminal.expect(what, Duration.ofSeconds(3));
          return true;
        });
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

  /** What opens the console by SSH in the namespaces of an agent that is starting there. */
  private List<String> bySsh(Cluster cluster, String asks) {
    String program =
        """
        ip link set lo up
        ssh-keygen -q -t ed25519 -N '' -C me@laptop -f "%2$s/me"
        export LIFELINE_SSH=true LIFELINE_SSH_SERVER_CONSOLE_PORT=8101 LIFELINE_SSH_SERVER_AUTHORIZED_KEYS="%2$s/me.pub"
        "%1$s" >"%2$s/log" 2>&1 </dev/null & agent=$!
        trap 'kill $agent; wait $agent' EXIT
        ask() {
            ssh -F none -p 8101 -i "%2$s/me" -o IdentitiesOnly=yes -o IdentityAgent=none -o StrictHostKeyChecking=no \\
                -o UserKnownHostsFile="%2$s/known" -o LogLevel=INFO "$@"
        }
        tries=0
        until ask me@127.0.0.1 session:list -o json >/dev/null 2>&1 || [ $tries -gt 60 ]; do tries=$((tries + 1)); sleep 1; done
        %3$s
        """
            .formatted(program(cluster, "lifeline"), folder, asks);
    List<String> words = agent();
    words.addAll(List.of("bash", "-c", program));
    return words;
  }

  @Test
  void aKeyOpensTheConsoleBySshOnLoopback(Cluster cluster) {
    Command.Outcome outcome =
        Command.of(
                bySsh(
                    cluster,
                    """
                    ask me@127.0.0.1 rescue:status
                    ask me@127.0.0.1 session:end amber-7; echo "code $?"
                    ask me@127.0.0.1; echo "code $?"
                    ask -o PubkeyAuthentication=no me@127.0.0.1 rescue:status
                    scp -q -P 8101 -F none -i "%1$s/me" -o StrictHostKeyChecking=no -o UserKnownHostsFile="%1$s/known" "%1$s/log" me@127.0.0.1:/x
                    ask -W 127.0.0.1:22 me@127.0.0.1
                    """
                        .formatted(folder)))
            .within(Duration.ofMinutes(2))
            .run();
    assertThat(outcome.out())
        .contains(
            "phase   ", "there is no session 'amber-7'", "code 1", "a shell needs a terminal");
    assertThat(outcome.err())
        .contains("Permission denied (publickey)", "files are not copied", "forwards nothing");
  }

  @Test
  void aTerminalBySshHasTheConsolesShell(Cluster cluster) {
    try (Terminal terminal = Terminal.open(bySsh(cluster, "ask -tt me@127.0.0.1; echo code $?"))) {
      terminal.expect(">", START);
      terminal.type("rescue:status");
      terminal.expect("phase   ", START);
      terminal.send("\u0004");
      terminal.expect("code 0", START);
    }
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
