package io.lifeline.operator.rollout;

import io.lifeline.crd.Condition;
import io.lifeline.crd.LifelineConfig;
import io.lifeline.crd.LifelineConfigStatus;
import io.lifeline.crd.LifelineConfigStatus.Type;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A rollout in words: the status of the LifelineConfig. Pure, but for the clock. */
final class RolloutStory {

  private static final int MOST_NAMES = 10;
  private static final int MOST_MESSAGE = 2_000;

  private final Clock clock;

  RolloutStory(Clock clock) {
    this.clock = clock;
  }

  /** A second one beside the one that counts. */
  LifelineConfigStatus ignored(LifelineConfig config) {
    String message =
        "Only the LifelineConfig '%s' counts. To proceed, delete this one: kubectl delete lifelineconfig %s"
            .formatted(LifelineConfig.NAME, config.getMetadata().getName());
    return new LifelineConfigStatus(
        config.generation(), null, null, null, null, null, null, message, null, null);
  }

  /** No version is asked for. */
  LifelineConfigStatus idle(LifelineConfig config, Collection<String> available) {
    return new LifelineConfigStatus(
        config.generation(),
        null,
        null,
        null,
        null,
        null,
        null,
        "spec.agentVersion is not set: the agents stay as they are.",
        List.copyOf(available),
        null);
  }

  /** The release is not here, or cannot be read. */
  LifelineConfigStatus missing(LifelineConfig config, Collection<String> available, String why) {
    String message =
        "Nothing is rolled out: %s The operator has %s. To proceed, set spec.agentVersion to one of these, or start the operator from an image that brings it: kubectl -n lifeline-system set image deployment/lifeline-operator operator=…, and LIFELINE_OPERATOR_PROXY_IMAGE likewise."
            .formatted(why, available.isEmpty() ? "no release" : String.join(", ", available));
    List<Condition> conditions = new ArrayList<>();
    add(conditions, config, Type.ReleaseAvailable, new Told("False", "Missing", why));
    add(conditions, config, Type.Updated, new Told("False", "ReleaseMissing", message));
    return new LifelineConfigStatus(
        config.generation(),
        null,
        null,
        null,
        null,
        null,
        null,
        message,
        List.copyOf(available),
        conditions);
  }

  LifelineConfigStatus of(
      LifelineConfig config, Rollout.Wish wish, Rollout rollout, Collection<String> available) {
    Told told = told(wish, rollout);
    List<Condition> conditions = new ArrayList<>();
    add(
        conditions,
        config,
        Type.ReleaseAvailable,
        new Told("True", "Found", "The operator has the release " + wish.version() + "."));
    add(conditions, config, Type.Updated, told);
    List<String> current = new ArrayList<>(rollout.failed().keySet());
    current.addAll(rollout.updating());
    current.addAll(rollout.ask());
    return new LifelineConfigStatus(
        config.generation(),
        wish.pin(),
        rollout.nodes(),
        rollout.updated(),
        rollout.failed().size(),
        rollout.skipped(),
        current.subList(0, Math.min(MOST_NAMES, current.size())),
        told.message(),
        List.copyOf(available),
        conditions);
  }

  private record Told(String status, String reason, String message) {}

  private static Told told(Rollout.Wish wish, Rollout rollout) {
    String count =
        "%d of %d nodes have %s".formatted(rollout.updated(), rollout.nodes(), wish.version());
    String left =
        rollout.skipped() == 0
            ? ""
            : "; %d not Ready or without an agent, left out until they are back"
                .formatted(rollout.skipped());
    if (!rollout.failed().isEmpty()) {
      Map.Entry<String, String> first = rollout.failed().entrySet().iterator().next();
      String node = first.getKey();
      return new Told(
          "False",
          "Stopped",
          cut(
              "Stopped, %s%s. The agent of %s could not be upgraded and runs what it ran before: %s To proceed, set spec.agentVersion to a release that it takes, or mend what it says and let it try again: kubectl annotate node %s %s-"
                  .formatted(
                      count,
                      left,
                      node,
                      sentence(first.getValue()),
                      node,
                      LifelineConfig.AGENT_UPGRADE_FAILED)));
    }
    if (rollout.done()) {
      return new Told("True", "Done", count + left + ".");
    }
    List<String> now = new ArrayList<>(rollout.updating());
    now.addAll(rollout.ask());
    return new Told(
        "False",
        "Progressing",
        "%s; now %s%s."
            .formatted(
                count, String.join(", ", now.subList(0, Math.min(MOST_NAMES, now.size()))), left));
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private static String cut(String text) {
    return text.length() > MOST_MESSAGE ? text.substring(0, MOST_MESSAGE) : text;
  }

  private void add(List<Condition> conditions, LifelineConfig config, Type type, Told told) {
    String since =
        config
            .story()
            .condition(type)
            .filter(before -> before.status().equals(told.status()))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    conditions.add(new Condition(type.name(), told.status(), told.reason(), told.message(), since));
  }
}
