package io.lifeline.kubelet.server;

import java.math.BigDecimal;
import java.time.Instant;

/** Writes Prometheus' text format. One thread. */
final class ResourceMetrics {

  private final StringBuilder text = new StringBuilder();
  private final long millis;
  private String name = "";

  /**
   * @param at the time of the samples
   */
  ResourceMetrics(Instant at) {
    this.millis = at.toEpochMilli();
  }

  /** The samples that follow are of this metric. */
  void metric(String metric, String type, String help) {
    name = metric;
    text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(metric, help, metric, type));
  }

  /**
   * @param labels without braces; empty where there are none
   */
  void sample(String labels, double value) {
    line(labels, value).append(' ').append(millis).append('\n');
  }

  void untimed(String labels, double value) {
    line(labels, value).append('\n');
  }

  private StringBuilder line(String labels, double value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(labels).append('}');
    }
    return text.append(' ').append(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
  }

  String text() {
    return text.toString();
  }
}
