package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Report;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Installs Lifeline before the first test and removes it after the last; hands the cluster in; and
 * after a failure gathers what can be seen, then brings the cluster back to its beginning.
 */
final class OnCluster implements BeforeAllCallback, ParameterResolver, AfterTestExecutionCallback {

  private static final Namespace STORE = Namespace.create(OnCluster.class);

  /** Installed once for all classes; closed by JUnit after the last. */
  private static final class Installed implements AutoCloseable {

    private final Cluster cluster = Cluster.fromEnvironment();
    private final Installation installation = Installation.of(cluster);
    private final Report report = new Report();
    private final String refusal;

    Installed() {
      String failure = "";
      try {
        installation.install();
      } catch (AssertionError | RuntimeException e) {
        Path folder = new Diagnostics(cluster).gather("install");
        failure = "Lifeline could not be installed: %s (see %s)".formatted(e.getMessage(), folder);
      }
      refusal = failure;
    }

    @Override
    public void close() {
      report.keepMeasurements(cluster.home().resolve("target/measurements.tsv"));
      if (!Boolean.parseBoolean(System.getenv("E2E_KEEP"))) {
        installation.remove();
      }
    }
  }

  private static Installed installed(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(Installed.class, type -> new Installed(), Installed.class);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String refusal = installed(context).refusal;
    if (!refusal.isEmpty()) {
      throw new AssertionError(refusal);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class
        || type == Installation.class
        || type == Rescue.class
        || type == Kubectl.class
        || type == Report.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    Installed installed = installed(context);
    if (type == Cluster.class) {
      return installed.cluster;
    }
    if (type == Installation.class) {
      return installed.installation;
    }
    if (type == Report.class) {
      return installed.report;
    }
    return type == Rescue.class ? new Rescue(installed.cluster) : installed.cluster.kubectl();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      Cluster cluster = installed(context).cluster;
      new Diagnostics(cluster)
          .gather(context.getRequiredTestClass().getSimpleName() + "-" + context.getDisplayName());
      if (context.getRequiredTestClass().isAnnotationPresent(SharedRescue.class)) {
        return;
      }
      startOver(cluster);
    }
  }

  /** As it was before the test, as far as that can be had from outside. */
  static void startOver(Cluster cluster) {
    Kubectl kubectl = cluster.kubectl().within(Duration.ofSeconds(45));
    Command.shell(cluster.mend()).in(cluster.home()).within(Duration.ofMinutes(2)).run();
    kubectl.run("delete", "pods", "--all", "-n", "default", "--force", "--grace-period=0");
    kubectl.run("delete", "nodedebugs", "--all", "--timeout=40s");
    kubectl.run("delete", "node", cluster.backup(), "--ignore-not-found");
  }
}
