package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.e2e.Diagnostics;
import io.lifeline.itests.e2e.Idle;
import io.lifeline.itests.e2e.Installation;
import io.lifeline.itests.e2e.Parts;
import io.lifeline.itests.e2e.Usage;
import io.lifeline.itests.testkit.Await;
import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ./lifeline bench idle}: what an agent costs that has nothing to do, beside the kubelet of
 * the same worker over the same minutes; how soon it is armed; the operator and the image.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class IdleBench {

  private static final String ENROLMENT = "/run/lifeline/credential/enrolment";
  private static final String ARMED_AGAIN = "armed with the pins and the key";
  private static final Duration START = Duration.ofMinutes(2);

  /** One that was started just now is waited for by bin/lifeline before it starts the next. */
  private static final Duration LIVED = Duration.ofSeconds(12);

  private final Cluster cluster;
  private final Kubectl kubectl;
  private final Installation installation;
  private final Duration idle;
  private final Report report = new Report();

  private IdleBench(Cluster cluster, Duration idle) {
    this.cluster = cluster;
    this.kubectl = cluster.kubectl().within(START);
    this.idle = idle;
    this.installation = Installation.of(cluster);
  }

  /** Argument: for how many minutes. */
  public static void main(String[] arguments) {
    Cluster cluster = Cluster.fromEnvironment();
    IdleBench bench = new IdleBench(cluster, Duration.ofMinutes(Integer.parseInt(arguments[0])));
    boolean good = bench.run();
    bench.report.write(cluster.home().resolve("target/report.json"));
    System.exit(good ? 0 : 1);
  }

  private boolean run() {
    try {
      installation.install();
      image();
      report.measured(Measurement.alone("start: cold, to armed", cold(), "s"));
      report.measured(Measurement.alone("start: killed, to armed again", restart(), "s"));
      beside();
      operator();
      System.out.println(Measurement.head());
      report.measurements().forEach(System.out::println);
      return true;
    } catch (AssertionError | RuntimeException | IOException e) {
      System.out.println("The bench failed: " + e.getMessage());
      System.out.println("See " + new Diagnostics(cluster).gather("bench"));
      return false;
    }
  }

  private void image() throws IOException {
    report.measured(
        Measurement.alone(
            "image, as it is transferred",
            Files.size(cluster.home().resolve("target/lifeline-image.tar")) / 1048576.0,
            "MB"));
  }

  private double now() {
    return cluster
        .onWorker("date +%s.%N")
        .map(outcome -> Double.parseDouble(outcome.out().strip()))
        .orElseThrow(() -> new AssertionError("no way onto the worker"));
  }

  /** A new pod without anything of the one before; from its first process to its enrolment. */
  private double cold() {
    double began = now();
    cluster.onWorker("umount -l /run/lifeline");
    kubectl.out(
        "delete",
        "pods",
        "-n",
        Parts.NAMESPACE,
        "-l",
        "app.kubernetes.io/component=agent",
        "--field-selector=spec.nodeName=" + cluster.worker(),
        "--wait=true");
    return armed(ENROLMENT, began);
  }

  /**
   * From the end of its process to the next one that could rescue: what it needs was left there.
   */
  private double restart() {
    LockSupport.parkNanos(LIVED.toNanos());
    double began = now();
    String pid =
        Installation.agentPid(cluster)
            .orElseThrow(() -> new AssertionError("no agent runs on the worker"));
    cluster.onWorker("kill -9 " + pid);
    return Await.value("the agent is armed again", START, () -> armedAgainSince(began));
  }

  private Optional<Double> armedAgainSince(double began) {
    return installation
        .agentLog()
        .lines()
        .filter(line -> line.contains(ARMED_AGAIN))
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))).toEpochMilli() / 1000.0)
        .filter(at -> at > began)
        .map(at -> at - began)
        .findFirst();
  }

  private double armed(String file, double began) {
    return Await.value(
        "the agent is armed",
        START,
        () -> {
          OptionalDouble seconds = Usage.secondsTo(cluster, file, began);
          return seconds.isPresent() ? Optional.of(seconds.getAsDouble()) : Optional.empty();
        });
  }

  private void beside() {
    String agent =
        Installation.agentPid(cluster)
            .orElseThrow(() -> new AssertionError("no agent runs on the worker"));
    String kubelet =
        Usage.kubelet(cluster)
            .orElseThrow(() -> new AssertionError("no kubelet runs on the worker"));
    // What a start does is not idle: rounds of arming, the compilers.
    LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
    Instant since = Instant.now();
    Usage ours = usage(agent);
    Usage theirs = usage(kubelet);
    LockSupport.parkNanos(idle.toNanos());
    Usage oursNow = usage(agent);
    Usage theirsNow = usage(kubelet);
    report.measured(
        Measurement.beside(
            "idle: resident memory", oursNow.megabytes(), theirsNow.megabytes(), "MB"));
    report.measured(
        Measurement.beside(
            "idle: CPU of a core",
            (oursNow.cpuSeconds() - ours.cpuSeconds()) * 100 / idle.toSeconds(),
            (theirsNow.cpuSeconds() - theirs.cpuSeconds()) * 100 / idle.toSeconds(),
            "%"));
    report.measured(
        Measurement.beside("idle: threads", oursNow.threads(), theirsNow.threads(), ""));
    report.measured(
        Measurement.beside(
            "idle: descriptors", oursNow.descriptors(), theirsNow.descriptors(), ""));
    new Idle(cluster).requestsAnHour(since).ifPresent(report::measured);
  }

  private Usage usage(String pid) {
    return Usage.of(cluster, pid)
        .orElseThrow(() -> new AssertionError("the process " + pid + " has ended"));
  }

  private void operator() {
    // Both operators are on this machine's workers, of which one can be looked into.
    cluster
        .onWorker(
            "for p in /proc/[0-9]*; do tr '\\0' '\\n"
                + "' <$p/environ 2>/dev/null | grep -qx LIFELINE_ROLE=operator && [ \"$(cat"
                + " $p/comm)\" = java ] && echo ${p#/proc/}; done; true")
        .map(outcome -> outcome.out().strip())
        .filter(pid -> !pid.isEmpty())
        .flatMap(pid -> Usage.of(cluster, pid.split("\\s")[0]))
        .ifPresent(
            usage ->
                report.measured(
                    Measurement.alone("operator: resident memory", usage.megabytes(), "MB")));
  }
}
