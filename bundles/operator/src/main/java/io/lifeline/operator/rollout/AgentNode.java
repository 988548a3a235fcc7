package io.lifeline.operator.rollout;

import io.fabric8.kubernetes.api.model.Node;
import io.lifeline.crd.LifelineConfig;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.rescue.Readiness;
import java.util.Map;
import java.util.Optional;

/**
 * A Node and what its annotations tell of its agent; a text is empty where there is no annotation.
 *
 * @param asked the version that its agent was asked for
 * @param pin the release that its agent was asked for
 * @param running the version that its agent says it runs
 * @param failure why its agent did not upgrade
 */
record AgentNode(
    String name, boolean ready, String asked, String pin, String running, String failure) {

  /** Empty for a backup node: its agent is the worker's. */
  static Optional<AgentNode> of(Node node) {
    Map<String, String> labels = node.getMetadata().getLabels();
    if (labels != null && labels.containsKey(NodeDebug.BACKUP_OF)) {
      return Optional.empty();
    }
    Map<String, String> notes = node.getMetadata().getAnnotations();
    Map<String, String> told = notes == null ? Map.of() : notes;
    return Optional.of(
        new AgentNode(
            node.getMetadata().getName(),
            Readiness.of(node).isTrue(),
            told.getOrDefault(LifelineConfig.AGENT_VERSION, ""),
            told.getOrDefault(LifelineConfig.AGENT_RELEASE, ""),
            told.getOrDefault(LifelineConfig.AGENT_RUNNING, ""),
            told.getOrDefault(LifelineConfig.AGENT_UPGRADE_FAILED, "")));
  }

  boolean hasAgent() {
    return !running.isEmpty();
  }

  boolean askedFor(Rollout.Wish wish) {
    return asked.equals(wish.version()) && pin.equals(wish.pin());
  }

  /** An agent that was asked for another version goes there, whatever it runs now. */
  boolean has(String version) {
    return running.equals(version) && (asked.isEmpty() || asked.equals(version));
  }

  AgentNode withoutFailure() {
    return new AgentNode(name, ready, asked, pin, running, "");
  }
}
