package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Measurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the idle agent costs, beside the kubelet of the same worker. */
public final class Idle {

  private static final Pattern AT = Pattern.compile("\"requestReceivedTimestamp\":\"([^\"]+)\"");
  private static final Pattern ID = Pattern.compile("\"auditID\":\"([^\"]+)\"");
  private static final Pattern USER = Pattern.compile("\"user\":\\{\"username\":\"([^\"]+)\"");
  private static final Pattern AGENT = Pattern.compile("\"userAgent\":\"([^\"]*)\"");
  private static final Pattern SOURCE = Pattern.compile("\"sourceIPs\":\\[\"([^\"]+)\"");

  private final Cluster cluster;

  public Idle(Cluster cluster) {
    this.cluster = cluster;
  }

  private record Process(double megabytes, double threads) {}

  /**
   * Memory and threads now; requests since then, counted from the API server's audit log where the
   * cluster has one that can be read here.
   */
  public List<Measurement> measure(Instant since) {
    List<Measurement> costs = new ArrayList<>();
    Optional<Process> agent = Installation.agentPid(cluster).flatMap(this::process);
    Optional<Process> kubelet = pidOf("kubelet").flatMap(this::process);
    if (agent.isPresent() && kubelet.isPresent()) {
      Process ours = agent.get();
      Process theirs = kubelet.get();
      costs.add(
          Measurement.beside("idle: resident memory", ours.megabytes(), theirs.megabytes(), "MB"));
      costs.add(Measurement.beside("idle: threads", ours.threads(), theirs.threads(), ""));
    }
    requestsAnHour(since).ifPresent(costs::add);
    return costs;
  }

  /** The agent's resident memory now. */
  public static Optional<Double> agentMegabytes(Cluster cluster) {
    return Installation.agentPid(cluster)
        .flatMap(new Idle(cluster)::process)
        .map(Process::megabytes);
  }

  private Optional<String> pidOf(String comm) {
    return cluster
        .onWorker(
            "for p in /proc/[0-9]*; do [ \"$(cat $p/comm 2>/dev/null)\" = %s ] && echo ${p#/proc/}; done; true"
                .formatted(comm))
        .map(Command.Outcome::out)
        .flatMap(out -> out.lines().filter(line -> !line.isBlank()).findFirst());
  }

  private Optional<Process> process(String pid) {
    return cluster
        .onWorker("grep -E '^(VmRSS|Threads)' /proc/" + pid + "/status")
        .map(Command.Outcome::out)
        .filter(out -> out.contains("VmRSS"))
        .map(out -> new Process(number(out, "VmRSS") / 1024, number(out, "Threads")));
  }

  private static double number(String status, String field) {
    Matcher matcher = Pattern.compile(field + ":\\s+(\\d+)").matcher(status);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
  }

  /** Counted in the audit log of the API server; empty where that cannot be read. */
  public Optional<Measurement> requestsAnHour(Instant since) {
    String file = System.getenv("E2E_AUDIT_LOG");
    if (file == null || !Files.isReadable(Path.of(file))) {
      return Optional.empty();
    }
    String address = cluster.address(cluster.worker());
    double[] counts = new double[2];
    Set<String> counted = new HashSet<>();
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      lines
          .filter(
              line -> first(AT, line).filter(at -> Instant.parse(at).isAfter(since)).isPresent())
          .filter(line -> first(SOURCE, line).equals(Optional.of(address)))
          // A watch is told when it begins and when it ends; it is one request.
          .filter(line -> first(ID, line).filter(counted::add).isPresent())
          .forEach(line -> whose(line).ifPresent(index -> counts[index]++));
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log cannot be read: " + file, e);
    }
    double hours = Duration.between(since, Instant.now()).toMillis() / 3_600_000.0;
    return Optional.of(
        Measurement.beside(
            "idle: requests to the API server an hour", counts[0] / hours, counts[1] / hours, ""));
  }

  /** 0 is the agent, 1 the kubelet; the agent also speaks with the kubelet's own identity. */
  private static Optional<Integer> whose(String line) {
    if (first(AGENT, line).orElse("").startsWith("kubelet/")) {
      return Optional.of(1);
    }
    String user = first(USER, line).orElse("");
    boolean ours =
        user.startsWith("system:node:")
            || user.startsWith("system:serviceaccount:" + Parts.NAMESPACE + ":lifeline-agent");
    return ours ? Optional.of(0) : Optional.empty();
  }

  private static Optional<String> first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
