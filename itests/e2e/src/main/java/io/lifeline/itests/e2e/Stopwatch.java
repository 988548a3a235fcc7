package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Measurement;
import io.lifeline.itests.testkit.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * How long the machine takes for each step of a rescue; what people take is left out.
 *
 * <p>The agent's steps are read from its log, the others are seen from outside by watches that run
 * before the step begins. All on one machine's clock.
 */
public final class Stopwatch implements AutoCloseable {

  private static final String READY = "{.status.conditions[?(@.type==\"Ready\")].status}";
  private static final Duration SEEN = Duration.ofSeconds(20);

  private final Cluster cluster;
  private final Watch nodes;
  private final Watch pods;
  private final Watch proxies;
  private Instant approved = Instant.EPOCH;
  private Instant created = Instant.EPOCH;
  private Instant prompt = Instant.EPOCH;

  public Stopwatch(Cluster cluster) {
    this.cluster = cluster;
    this.nodes = watch("nodes", "default", READY);
    this.pods = watch("pods", "default", "{.status.phase}");
    this.proxies = watch("pods", "lifeline-system", READY);
  }

  private Watch watch(String kind, String namespace, String field) {
    String line = "jsonpath={.metadata.name} " + field + "{\"\\n\"}";
    return Watch.of(cluster.kubectl().words("get", kind, "-n", namespace, "--watch", "-o", line));
  }

  /** The person approves now. */
  public void approving() {
    approved = Instant.now();
  }

  /** The person creates the pod now. */
  public void creatingPod() {
    created = Instant.now();
  }

  /** The first shell has answered. */
  public void firstPrompt() {
    prompt = Instant.now();
  }

  /**
   * The steps with their times.
   *
   * @param agentLog the agent's log, each line begun by its time (RFC 3339)
   */
  public List<Measurement> steps(String agentLog) {
    List<Measurement> steps = new ArrayList<>();
    OptionalDouble before = beforeApproval(agentLog);
    before.ifPresent(
        s -> steps.add(seconds("NotReady seen, proxy up -> certificate requested", s)));

    Watch.Line ready =
        nodes.first(
            cluster.backup() + " was seen Ready", SEEN, (cluster.backup() + " True")::equals);
    double after = between(approved, ready.at());
    steps.add(seconds("approved -> backup Node Ready", after));
    before.ifPresent(
        s ->
            steps.add(
                seconds(
                    "NotReady seen, proxy up -> backup Node Ready, besides the approval",
                    s + after)));

    Watch.Line running =
        pods.first("the debug pod was seen Running", SEEN, "debug-pod Running"::equals);
    steps.add(seconds("pod created -> Running", between(created, running.at())));
    steps.add(seconds("pod Running -> first prompt answered", between(running.at(), prompt)));
    steps.add(seconds("pod created -> first prompt answered", between(created, prompt)));
    return steps;
  }

  /** The proxy is started by the NodeDebug, and hands out nothing while the Node is Ready. */
  private OptionalDouble beforeApproval(String agentLog) {
    Optional<Instant> seen = last(agentLog, "SEEKING: ");
    Optional<Instant> requested = last(agentLog, "AWAITING_APPROVAL: requested");
    return seen.isPresent() && requested.isPresent()
        ? OptionalDouble.of(between(latest(seen.get()), requested.get()))
        : OptionalDouble.empty();
  }

  private Instant latest(Instant seen) {
    Optional<Instant> notReady =
        nodes.find(line -> line.matches(cluster.worker() + " (False|Unknown)")).map(Watch.Line::at);
    Optional<Instant> proxy =
        proxies.find(line -> line.matches("lifeline-proxy\\S* True")).map(Watch.Line::at);
    return Stream.of(Optional.of(seen), notReady, proxy)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder())
        .orElse(seen);
  }

  /** When the story came to a phase: the first line of the last run of such lines. */
  private static Optional<Instant> last(String log, String step) {
    Optional<Instant> first = Optional.empty();
    boolean inside = false;
    for (String line : log.split("\n")) {
      if (line.contains(step)) {
        first = inside ? first : time(line);
        inside = true;
      } else if (line.matches(".*\\b(WATCHING|SEEKING|AWAITING_APPROVAL|REGISTERING): .*")) {
        inside = false;
      }
    }
    return first;
  }

  private static Optional<Instant> time(String line) {
    try {
      return Optional.of(Instant.parse(line.split(" ", 2)[0]));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Measurement seconds(String name, double seconds) {
    return Measurement.alone(name, seconds, "s");
  }

  private static double between(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  @Override
  public void close() {
    nodes.close();
    pods.close();
    proxies.close();
  }
}
