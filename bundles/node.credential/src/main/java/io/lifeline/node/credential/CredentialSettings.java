package io.lifeline.node.credential;

import io.lifeline.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The settings of {@code io.lifeline.node.credential}.
 *
 * @param life how long a rescue may last; asked of the signer, and kept by a clock of our own
 * @param proxyPort the NodePort of the debug proxy
 * @param peers further addresses where the proxy may answer, beside those learnt
 * @param servers further API servers that a bootstrap kubeconfig may point to
 * @param kubeconfigs where the kubelet's kubeconfig may be, on the worker
 * @param armPeriod how often peers and pins are learnt anew
 */
record CredentialSettings(
    Duration life,
    int proxyPort,
    List<String> peers,
    List<URI> servers,
    List<String> kubeconfigs,
    Duration armPeriod) {

  static final String PID = "io.lifeline.node.credential";

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
  private static final Pattern ABSOLUTE = Pattern.compile("/.*");

  static CredentialSettings of(Settings settings) {
    List<URI> servers =
        settings.list("api.servers", "").stream().map(text -> server(settings, text)).toList();
    return new CredentialSettings(
        settings.duration("life", "1h", "10s", "7d"),
        settings.number("proxy.port", 30843, 1, 65535),
        settings.list("proxy.peers", "", ADDRESS, "each must be an IP address, never a name"),
        servers,
        settings.list(
            "kubeconfig",
            "/etc/kubernetes/kubelet.conf,/var/lib/kubelet/kubeconfig,"
                + "/var/lib/rancher/k3s/agent/kubelet.kubeconfig",
            ABSOLUTE,
            "each must be an absolute path on the worker"),
        settings.duration("arm.period", "1h", "1m", "1d"));
  }

  private static URI server(Settings settings, String text) {
    try {
      URI uri = URI.create(text);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw settings.refused("api.servers", text, "it must be a list of https URLs");
    }
    throw settings.refused("api.servers", text, "it must be a list of https URLs");
  }
}
