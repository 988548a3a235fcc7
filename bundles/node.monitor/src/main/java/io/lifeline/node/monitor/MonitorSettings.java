package io.lifeline.node.monitor;

import io.lifeline.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The settings of {@code io.lifeline.node.monitor}.
 *
 * @param period the pause between two looks at the machine
 * @param probeLimit how long one question may take
 * @param readyAfter how long everything must be well before the worker counts as Ready
 * @param notReadyAfter how long something must be wrong before it counts as not Ready
 * @param kubeconfigs where the kubelet's kubeconfig may be, on the worker
 * @param healthzPort the kubelet's healthz on loopback; empty when it has none
 * @param runtimeSocket the container runtime's socket, on the worker; empty to leave it out
 */
record MonitorSettings(
    Duration period,
    Duration probeLimit,
    Hold hold,
    List<String> kubeconfigs,
    Optional<Integer> healthzPort,
    Optional<String> runtimeSocket) {

  static final String PID = "io.lifeline.node.monitor";

  private static final Pattern ABSOLUTE = Pattern.compile("/.*");
  private static final Pattern ABSOLUTE_OR_NONE = Pattern.compile("/.*|none");

  /** How long a state must last before it is believed. */
  record Hold(Duration readyAfter, Duration notReadyAfter) {}

  static MonitorSettings of(Settings settings) {
    int healthz = settings.number("kubelet.healthz.port", 10248, 0, 65535);
    String socket =
        settings.text(
            "runtime.socket",
            "/run/containerd/containerd.sock",
            ABSOLUTE_OR_NONE,
            "it must be an absolute path on the worker, or none");
    return new MonitorSettings(
        settings.duration("period", "2s", "100ms", "1m"),
        settings.duration("probe.limit", "1s", "100ms", "10s"),
        new Hold(
            settings.duration("ready.after", "5s", "0s", "10m"),
            settings.duration("notready.after", "5s", "0s", "10m")),
        settings.list(
            "kubeconfig",
            "/etc/kubernetes/kubelet.conf,/var/lib/kubelet/kubeconfig,"
                + "/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
            ABSOLUTE,
            "each must be an absolute path on the worker"),
        healthz == 0 ? Optional.empty() : Optional.of(healthz),
        socket.equals("none") ? Optional.empty() : Optional.of(socket));
  }
}
