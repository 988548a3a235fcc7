package io.lifeline.operator.rollout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How far a rollout is and whom to ask next. Pure.
 *
 * @param nodes how many should have the version: they have an agent, and are Ready or have it
 * @param updated how many of them have it
 * @param skipped how many are left out: not Ready, or without an agent
 * @param updating who was asked and has not answered
 * @param failed who could not, and why
 * @param ask whom to ask now
 */
record Rollout(
    int nodes,
    int updated,
    int skipped,
    List<String> updating,
    Map<String, String> failed,
    List<String> ask) {

  /**
   * What is wanted.
   *
   * @param pin the SHA-256 of the release's checksums
   * @param most how many nodes may be at it at the same time
   */
  record Wish(String version, String pin, int most) {}

  /**
   * @param overdue whether a node that was asked has not answered for too long
   */
  static Rollout of(Wish wish, List<AgentNode> all, Predicate<AgentNode> overdue) {
    int updated = 0;
    int skipped = 0;
    List<String> updating = new ArrayList<>();
    Map<String, String> failed = new TreeMap<>();
    List<String> waiting = new ArrayList<>();
    for (AgentNode node : all.stream().sorted(Comparator.comparing(AgentNode::name)).toList()) {
      if (node.has(wish.version())) {
        updated++;
      } else if (!node.hasAgent()) {
        skipped++;
      } else if (node.askedFor(wish)) {
        // Also one that has become NotReady since: it holds its place until it answers.
        if (!node.failure().isEmpty()) {
          failed.put(node.name(), node.failure());
        } else if (overdue.test(node)) {
          failed.put(node.name(), "its agent does not answer");
        } else {
          updating.add(node.name());
        }
      } else if (node.ready()) {
        waiting.add(node.name());
      } else {
        skipped++;
      }
    }
    int places = failed.isEmpty() ? Math.max(0, wish.most() - updating.size()) : 0;
    return new Rollout(
        updated + updating.size() + failed.size() + waiting.size(),
        updated,
        skipped,
        updating,
        new TreeMap<>(failed),
        List.copyOf(waiting.subList(0, Math.min(places, waiting.size()))));
  }

  /** Whether somebody fetches the release now, or will. */
  boolean moving() {
    return !updating.isEmpty() || !ask.isEmpty();
  }

  boolean done() {
    return updated == nodes;
  }
}
