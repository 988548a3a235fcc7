package io.lifeline.operator.rollout;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.Condition;
import io.lifeline.crd.LifelineConfig;
import io.lifeline.crd.LifelineConfigStatus;
import io.lifeline.crd.LifelineConfigStatus.Type;
import io.lifeline.operator.Announcer;
import io.lifeline.operator.rescue.Steady;
import io.lifeline.release.api.AgentRelease;
import io.lifeline.release.api.ReleaseFolders;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Makes the agents agree with the LifelineConfig: asks some nodes' agents at a time for its
 * version, by annotations of their Nodes, and stops at the first that cannot. What it knows is in
 * the cluster, so that another leader goes on. Idempotent. One thread.
 */
public final class RolloutKeeper {

  /** How often the nodes are looked at while nothing moves: one may have come back. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final Duration MOVING = Duration.ofSeconds(5);

  /**
   * What the rest of a pass has to know.
   *
   * @param nodes those whose answer is waited for
   * @param next when to look again at the latest, if that is sooner than usual
   */
  public record Rolling(Set<String> nodes, Optional<Duration> next) {

    static final Rolling NONE = new Rolling(Set.of(), Optional.empty());

    public Rolling {
      nodes = Set.copyOf(nodes);
    }

    /** Whether agents fetch a release now. */
    public boolean wantsProxy() {
      return !nodes.isEmpty();
    }
  }

  private final KubernetesClient client;
  private final FleetNodes fleet;
  private final ReleaseFolders releases;
  private final Duration deadline;
  private final LongSupplier nanos;
  private final Steady asked;
  private final Announcer announcer;
  private final RolloutStory story;

  private boolean withdrawn;
  private String settledFor = "";
  private long settledAt;
  private Rolling last = Rolling.NONE;

  /**
   * @param deadline how long an agent that was asked may take
   * @param nanos {@link System#nanoTime}, or a test's
   */
  public RolloutKeeper(
      KubernetesClient client,
      ReleaseFolders releases,
      Duration deadline,
      LongSupplier nanos,
      Announcer announcer,
      Clock clock) {
    this.client = client;
    this.fleet = new FleetNodes(client);
    this.releases = releases;
    this.deadline = deadline;
    this.nanos = nanos;
    this.asked = new Steady(nanos);
    this.announcer = announcer;
    this.story = new RolloutStory(clock);
  }

  /** What {@link #keep} answered last. */
  public Rolling last() {
    return last;
  }

  /**
   * One look.
   *
   * @throws IOException when the releases cannot be read
   */
  public Rolling keep() throws IOException {
    Optional<LifelineConfig> config = Optional.empty();
    for (LifelineConfig each : client.resources(LifelineConfig.class).list().getItems()) {
      if (each.getMetadata().getName().equals(LifelineConfig.NAME)) {
        config = Optional.of(each);
      } else {
        write(each, story.ignored(each));
      }
    }
    Optional<String> version = config.flatMap(LifelineConfig::agentVersion);
    if (version.isEmpty()) {
      withdraw();
      if (config.isPresent()) {
        write(config.get(), story.idle(config.get(), releases.versions()));
      }
      last = Rolling.NONE;
    } else {
      withdrawn = false;
      last = roll(config.get(), version.get());
    }
    return last;
  }

  /** Once: nobody is asked for anything any more. */
  private void withdraw() {
    if (withdrawn) {
      return;
    }
    settledFor = "";
    for (AgentNode node : fleet.all()) {
      if (!node.asked().isEmpty() || !node.failure().isEmpty()) {
        fleet.withdraw(node.name());
      }
    }
    withdrawn = true;
  }

  private Rolling roll(LifelineConfig config, String version) throws IOException {
    SortedSet<String> available = new TreeSet<>(releases.versions());
    Optional<AgentRelease> release = releases.release(version);
    if (release.isEmpty()) {
      write(config, story.missing(config, available, "there is no release " + version + " here."));
      return Rolling.NONE;
    }
    Rollout.Wish wish = new Rollout.Wish(version, release.get().pin(), config.maxUnavailable());
    String what = config.generation() + " " + wish;
    if (what.equals(settledFor) && nanos.getAsLong() - settledAt < SETTLED.toNanos()) {
      return Rolling.NONE;
    }
    Rollout rollout = Rollout.of(wish, nodes(config, wish), node -> overdue(node, what));
    rollout.ask().forEach(node -> fleet.ask(node, wish));
    write(config, story.of(config, wish, rollout, available));
    settledFor = rollout.moving() ? "" : what;
    settledAt = nanos.getAsLong();
    Set<String> waited = new HashSet<>(rollout.updating());
    waited.addAll(rollout.ask());
    return new Rolling(waited, rollout.moving() ? Optional.of(MOVING) : Optional.empty());
  }

  /** After a changed spec, those that failed are asked once more. */
  private List<AgentNode> nodes(LifelineConfig config, Rollout.Wish wish) {
    List<AgentNode> nodes = fleet.all();
    Long observed = config.story().observedGeneration();
    if (observed != null && observed == config.generation()) {
      return nodes;
    }
    return nodes.stream()
        .map(
            node -> {
              if (node.askedFor(wish) && !node.failure().isEmpty()) {
                fleet.ask(node.name(), wish);
                return node.withoutFailure();
              }
              return node;
            })
        .toList();
  }

  private boolean overdue(AgentNode node, String what) {
    return asked.since(node.name(), what).compareTo(deadline) > 0;
  }

  private void write(LifelineConfig config, LifelineConfigStatus status) {
    if (status.equals(config.story())) {
      return;
    }
    String before = reason(config.story());
    client
        .resources(LifelineConfig.class)
        .withName(config.getMetadata().getName())
        .editStatus(
            fresh -> {
              fresh.setStatus(status);
              return fresh;
            });
    Optional<Condition> updated = status.condition(Type.Updated);
    if (updated.isPresent() && !updated.get().reason().equals(before)) {
      Condition now = updated.get();
      if (now.isTrue() || now.reason().equals("Progressing")) {
        announcer.normal(config, now.reason(), now.message());
      } else {
        announcer.warning(config, now.reason(), now.message());
      }
    }
  }

  private static String reason(LifelineConfigStatus status) {
    return status.condition(Type.Updated).map(Condition::reason).orElse("");
  }
}
