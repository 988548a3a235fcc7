package io.lifeline.node.monitor;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.node.api.WorkerHealth.Verdict;
import java.util.List;
import java.util.Optional;

/** What the API server says of a worker: its Node's Ready condition. */
final class ApiSignal {

  static final String SOURCE = "api";

  private ApiSignal() {}

  static Signal of(Optional<Node> node, String worker) {
    if (node.isEmpty()) {
      return new Signal(SOURCE, Verdict.NOT_READY, "there is no Node " + worker);
    }
    List<NodeCondition> conditions =
        node.get().getStatus() == null ? List.of() : node.get().getStatus().getConditions();
    return conditions.stream()
        .filter(condition -> "Ready".equals(condition.getType()))
        .findFirst()
        .map(ApiSignal::ready)
        .orElseGet(() -> new Signal(SOURCE, Verdict.NOT_READY, "the Node has no Ready condition"));
  }

  private static Signal ready(NodeCondition condition) {
    String detail =
        "Ready is %s since %s (%s)"
            .formatted(
                condition.getStatus(), condition.getLastTransitionTime(), condition.getReason());
    return new Signal(
        SOURCE, "True".equals(condition.getStatus()) ? Verdict.READY : Verdict.NOT_READY, detail);
  }

  static Signal unreachable(String why) {
    return new Signal(SOURCE, Verdict.UNKNOWN, why);
  }
}
