package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** What is told about the node and its pod. */
final class Pages {

  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Containers containers;
  private final Supplier<String> metrics;
  private final Stats stats;

  /**
   * @param metrics the metrics page, in Prometheus' text format
   */
  Pages(Containers containers, Supplier<String> metrics, Stats stats) {
    this.containers = containers;
    this.metrics = metrics;
    this.stats = stats;
  }

  Answer page(Route.Page page) throws RefusedException {
    return switch (page) {
      case HEALTHZ -> Answer.Whole.ok("text/plain; charset=utf-8", bytes("ok"));
      case PODS -> pods(containers.service().pods());
      case RUNNING_PODS -> pods(running(containers.service().pods()));
      case METRICS -> Answer.Whole.ok(PROMETHEUS, bytes(metrics.get()));
      case RESOURCE_METRICS -> Answer.Whole.ok(PROMETHEUS, bytes(stats.metrics()));
      case STATS_SUMMARY -> Answer.Whole.ok(JSON, bytes(stats.summary()));
    };
  }

  private static List<Pod> running(List<Pod> pods) {
    return pods.stream()
        .filter(pod -> pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase()))
        .toList();
  }

  private static Answer pods(List<Pod> pods) {
    return Answer.Whole.ok(
        JSON,
        bytes(
            Serialization.asJson(
                new PodListBuilder().withNewMetadata().endMetadata().withItems(pods).build())));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
