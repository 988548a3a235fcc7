package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Puts Lifeline into the cluster under test, changes its settings, and takes it out again. */
public interface Installation {

  /** What an agent logs when this installation's operator has signed its key. */
  String ENROLLED = "this agent's key is enrolled";

  /** Installs operator and agents and waits until the worker's agent is armed. */
  void install();

  /**
   * Starts the agents again with these variables beside those they have, and waits until the
   * worker's is armed. An empty value takes a variable away.
   */
  void agentSettings(java.util.Map<String, String> variables);

  /**
   * Starts the agents again with the SSH front end, which knows these keys; as a person does it.
   *
   * @param authorizedKeys who may come in by a key
   * @param trustedCa whose certificates are good
   * @param more further variables
   */
  void sshKeys(
      java.nio.file.Path authorizedKeys,
      java.nio.file.Path trustedCa,
      java.util.Map<String, String> more);

  /**
   * Starts the agents again without it.
   *
   * @param more variables that change with it
   */
  void withoutSsh(java.util.Map<String, String> more);

  /**
   * The worker's agent as a process of its own there, with these variables: with a JDK's java,
   * which the image has not, and so the tests can look into it.
   */
  AgentProcess agentAsProcess(java.util.Map<String, String> variables);

  /** And as it was before. */
  void agentAsBefore();

  /** Waits until the workers' agents are armed by this installation's operator. */
  void awaitArmed();

  /** Removes everything that was installed, and waits until it is gone. */
  void remove();

  /** Ends the operator by SIGKILL; whatever looks after it starts it again. */
  void killOperator();

  /** The same for the proxy. */
  void killProxy();

  /** What the worker's agent has logged, with times at the beginning of each line. */
  String agentLog();

  /** The image as pods, by the manifests, or processes of this machine. */
  static Installation of(Cluster cluster) {
    return cluster.local() ? new LocalProcesses(cluster) : new Pods(cluster);
  }

  /** SIGKILL to the worker's agent, from the worker. */
  static void killAgent(Cluster cluster) {
    String pid =
        agentPid(cluster).orElseThrow(() -> new AssertionError("no agent runs on the worker"));
    cluster.onWorker("kill -9 " + pid);
    Await.until(
        "the killed agent has another process",
        Duration.ofSeconds(30),
        () -> agentPid(cluster).filter(now -> !now.equals(pid)).isPresent());
  }

  /** The agent's JVM, as the worker numbers it. */
  static Optional<String> agentPid(Cluster cluster) {
    String look =
        """
        for p in /proc/[0-9]*; do
          if [ "$(cat $p/comm 2>/dev/null)" = java ] && tr '\\0' '\\n' <$p/environ 2>/dev/null | grep -qx LIFELINE_ROLE=agent; then
            echo ${p#/proc/}
          fi
        done
        """;
    return cluster
        .onWorker(look)
        .map(Command.Outcome::out)
        .flatMap(out -> Arrays.stream(out.split("\n")).filter(s -> !s.isBlank()).findFirst());
  }

  /** What the agent's cgroup weighs on busy processors; empty where that cannot be seen. */
  static Optional<String> agentWeight(Cluster cluster) {
    String look =
        """
        while IFS=: read -r number controllers path; do
          case ",$controllers," in
            *,cpu,*) cat "/sys/fs/cgroup/$controllers$path/cpu.shares" ;;
            ,,) cat "/sys/fs/cgroup$path/cpu.weight" 2>/dev/null ;;
          esac
        done </proc/%s/cgroup; true
        """;
    return agentPid(cluster)
        .flatMap(pid -> cluster.onWorker(look.formatted(pid)))
        .map(outcome -> outcome.out().strip())
        .filter(weight -> !weight.isEmpty());
  }

  /** All pods of a kind of ours, as namespace-less names. */
  static List<String> pods(Kubectl kubectl, String label) {
    String names = kubectl.out("get", "pods", "-n", Parts.NAMESPACE, "-l", label, "-o", "name");
    return Arrays.stream(names.split("\n")).filter(name -> !name.isBlank()).toList();
  }
}
