package io.lifeline.kubelet.server;

import io.lifeline.session.api.SessionEngine;
import java.util.function.IntSupplier;

/** The metrics page: what the kubelet API itself knows, in Prometheus' text format. */
final class Metrics {

  private final Refusals refusals;
  private final Seam<SessionEngine> sessions;
  private final IntSupplier connections;

  Metrics(Refusals refusals, Seam<SessionEngine> sessions, IntSupplier connections) {
    this.refusals = refusals;
    this.sessions = sessions;
    this.connections = connections;
  }

  String page() {
    Runtime runtime = Runtime.getRuntime();
    StringBuilder page = new StringBuilder();
    gauge(page, "lifeline_kubelet_connections", "Open connections.", connections.getAsInt());
    gauge(
        page,
        "lifeline_sessions",
        "Live debug sessions.",
        sessions.get().map(engine -> engine.sessions().size()).orElse(0));
    gauge(
        page,
        "lifeline_heap_used_bytes",
        "Heap in use.",
        runtime.totalMemory() - runtime.freeMemory());
    head(page, "lifeline_kubelet_refusals_total", "Refused requests by HTTP status.", "counter");
    refusals
        .counts()
        .forEach(
            (status, count) ->
                page.append(
                    "lifeline_kubelet_refusals_total{status=\"%d\"} %d\n"
                        .formatted(status, count)));
    return page.toString();
  }

  private static void gauge(StringBuilder page, String name, String help, long value) {
    head(page, name, help, "gauge");
    page.append(name).append(' ').append(value).append('\n');
  }

  private static void head(StringBuilder page, String name, String help, String type) {
    page.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
  }
}
