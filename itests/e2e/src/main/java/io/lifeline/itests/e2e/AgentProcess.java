package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The agent as a process of the worker, from the distribution that was built. */
public final class AgentProcess {

  private static final Duration START = Duration.ofSeconds(60);
  private static final String LOG = "/run/lifeline-e2e.log";

  /** Where files of the tests are on the worker. */
  public static final String FOLDER = "/opt/lifeline-e2e";

  private final Cluster cluster;
  private final Path distribution;

  AgentProcess(Cluster cluster) {
    this.cluster = cluster;
    this.distribution = cluster.home().resolve("karaf-assembly/target/assembly");
  }

  /** The distribution as it was built. */
  public Path distribution() {
    return distribution;
  }

  /** The distribution to the worker, whose files may not be this machine's. */
  void ship() {
    onWorker("rm -rf %1$s && mkdir -p %1$s".formatted(FOLDER));
    ship(distribution, ".");
  }

  /** A folder's content to one on the worker, below {@link #FOLDER}. */
  public void ship(Path from, String to) {
    String prefix = cluster.enter().orElseThrow(() -> new IllegalStateException("no way onto it"));
    onWorker("mkdir -p %s/%s".formatted(FOLDER, to));
    Command.shell("tar -C %s -c . | %s tar -C %s/%s -x".formatted(from, prefix, FOLDER, to))
        .in(cluster.home())
        .output();
  }

  /** Runs a line there, and fails when it fails. */
  public Command.Outcome onWorker(String line) {
    Command.Outcome outcome =
        cluster.onWorker(line).orElseThrow(() -> new IllegalStateException("no way onto it"));
    if (!outcome.succeeded()) {
      throw new AssertionError("on the worker, this command failed:\n" + outcome);
    }
    return outcome;
  }

  /** Starts it and waits until it is armed and knows its worker as Ready. */
  void start(Map<String, String> more) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("LIFELINE_ROLE", "agent");
    variables.put("LIFELINE_NODE_WORKER_NAME", cluster.worker());
    variables.put("LIFELINE_NODE_WORKER_ADDRESS", cluster.address(cluster.worker()));
    variables.put("LIFELINE_NODE_BACKUP_LEASE_RENEW", "2s");
    variables.put("LIFELINE_SESSION_ENGINE_GRACE", Parts.GRACE);
    variables.putAll(more);
    StringBuilder words = new StringBuilder();
    variables.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            words.append(name).append('=').append(value).append(' ');
          }
        });
    onWorker(
        "cd / && %s setsid %s/bin/lifeline </dev/null >%s 2>&1 &".formatted(words, FOLDER, LOG));
    Await.until(
        "the agent is armed and calls the worker Ready",
        START,
        () ->
            cluster
                .onWorker("test -s /run/lifeline/credential/enrolment && cat " + LOG)
                .filter(seen -> seen.out().contains("the worker is READY"))
                .filter(seen -> seen.out().contains(Installation.ENROLLED))
                .isPresent());
  }

  void stop() {
    onWorker(
        """
        for p in /proc/[0-9]*; do
          if tr '\\0' '\\n' <$p/environ 2>/dev/null | grep -qx LIFELINE_ROLE=agent; then kill -9 ${p#/proc/} || :; fi
        done
        """);
  }

  void remove() {
    onWorker("rm -rf %s %s".formatted(FOLDER, LOG));
  }

  /** What it has logged. */
  public String log() {
    return onWorker("cat " + LOG).out();
  }
}
