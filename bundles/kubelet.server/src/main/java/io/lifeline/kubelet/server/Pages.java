package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** What is told about the node and its pod. */
final class Pages {

  private static final String JSON = "application/json";
  private static final int MOST_LOG = 16 << 20;

  private final String node;
  private final Containers containers;
  private final Supplier<String> metrics;

  /**
   * @param node the backup Node's name
   * @param metrics the metrics page, in Prometheus' text format
   */
  Pages(String node, Containers containers, Supplier<String> metrics) {
    this.node = node;
    this.containers = containers;
    this.metrics = metrics;
  }

  Answer page(Route.Page page) throws RefusedException {
    return switch (page) {
      case HEALTHZ -> Answer.Whole.ok("text/plain; charset=utf-8", bytes("ok"));
      case PODS -> pods(containers.service().pods());
      case RUNNING_PODS -> pods(running(containers.service().pods()));
      case METRICS ->
          Answer.Whole.ok("text/plain; version=0.0.4; charset=utf-8", bytes(metrics.get()));
      case STATS_SUMMARY ->
          Answer.Whole.ok(
              JSON, bytes("{\"node\":{\"nodeName\":\"%s\"},\"pods\":[]}".formatted(node)));
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

  Answer logs(PodPath path, Query query) throws RefusedException {
    int most = Math.min(query.number("limitBytes").orElse(MOST_LOG), MOST_LOG);
    byte[] log = containers.running(path).container().logs(MOST_LOG);
    if (query.number("tailLines").isPresent()) {
      log = tail(log, query.number("tailLines").getAsInt());
    }
    return Answer.Whole.ok("text/plain", log.length > most ? Arrays.copyOf(log, most) : log);
  }

  /** The last lines; one that has not ended counts. */
  static byte[] tail(byte[] log, int lines) {
    int from = log.length;
    for (int left = lines; left > 0 && from > 0; left--) {
      from--;
      while (from > 0 && log[from - 1] != '\n') {
        from--;
      }
    }
    return Arrays.copyOfRange(log, from, log.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
