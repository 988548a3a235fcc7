package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code container/remove.sh}, which people remove Lifeline with. */
public final class RemovalScript {

  /** Its Job's limit, and the one it has itself for what is deleted then. */
  private static final Duration MOST = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final Path kubeconfig;

  public RemovalScript(Cluster cluster) {
    this(cluster, cluster.kubeconfig());
  }

  /** With another kubeconfig than the administrator's. */
  public RemovalScript(Cluster cluster, Path kubeconfig) {
    this.cluster = cluster;
    this.kubeconfig = kubeconfig;
  }

  public String program() {
    return cluster.home().resolve("container/remove.sh").toString();
  }

  public Command.Outcome run() {
    return Command.of(program())
        .with("KUBECONFIG", kubeconfig.toString())
        .with("PATH", path())
        .within(MOST)
        .run();
  }

  /** Begins it, in the background. */
  public ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(List.of(program()));
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("PATH", path());
    return builder;
  }

  /** The kubectl under test comes first. */
  private String path() {
    String path = System.getenv("PATH");
    return Optional.ofNullable(Path.of(cluster.kubectl().program()).getParent())
        .map(folder -> folder + ":" + path)
        .orElse(path);
  }
}
