package io.lifeline.operator.rescue;

import io.lifeline.crd.Condition;
import io.lifeline.crd.NodeDebugStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Collects conditions; one whose status stays keeps the time of its last transition. */
final class Conditions {

  private final NodeDebugStatus before;
  private final String now;
  private final List<Condition> conditions = new ArrayList<>();

  Conditions(NodeDebugStatus before, Instant now) {
    this.before = before;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  void add(Condition.Type type, String status, String reason, String message) {
    String since =
        before
            .condition(type)
            .filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    conditions.add(new Condition(type.name(), status, reason, message, since));
  }

  List<Condition> list() {
    return List.copyOf(conditions);
  }
}
