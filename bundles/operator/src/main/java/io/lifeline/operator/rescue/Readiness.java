package io.lifeline.operator.rescue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Node's Ready condition; {@code Unknown} when it has none. */
public record Readiness(String status, String reason, String message) {

  public static Readiness of(Node node) {
    return condition(node, "Ready")
        .map(c -> new Readiness(text(c.getStatus()), text(c.getReason()), text(c.getMessage())))
        .orElse(new Readiness("Unknown", "", ""));
  }

  /** A condition of a Node. */
  static Optional<NodeCondition> condition(Node node, String type) {
    return node.getStatus() == null || node.getStatus().getConditions() == null
        ? Optional.empty()
        : node.getStatus().getConditions().stream()
            .filter(c -> type.equals(c.getType()))
            .findFirst();
  }

  public boolean isTrue() {
    return status.equals("True");
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
