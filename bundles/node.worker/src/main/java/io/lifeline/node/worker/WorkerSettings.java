package io.lifeline.node.worker;

import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of {@code io.lifeline.node.worker}. */
record WorkerSettings(
    String name,
    String suffix,
    Optional<String> address,
    int port,
    Optional<Path> root,
    String state) {

  static final String PID = "io.lifeline.node.worker";

  private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,250}[a-z0-9])?");
  private static final Pattern SUFFIX = Pattern.compile("-[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?");
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
  private static final Pattern ABSOLUTE = Pattern.compile("/.*");

  /**
   * @param pod the variables that the pod's manifest sets: {@code NODE_NAME} and {@code HOST_IP}
   * @param hostname this machine's own name, for an agent outside a pod
   */
  static WorkerSettings of(Settings settings, Map<String, String> pod, String hostname) {
    Optional<String> address =
        settings.optional("address").or(() -> Optional.ofNullable(pod.get("HOST_IP")));
    address.ifPresent(
        text -> {
          if (!ADDRESS.matcher(text).matches()) {
            throw settings.refused("address", text, "it must be an IP address, never a name");
          }
        });
    return new WorkerSettings(
        settings.text(
            "name",
            pod.getOrDefault("NODE_NAME", hostname),
            NODE_NAME,
            "it must be the Node's name: lower case letters, digits, dots and dashes"),
        settings.text(
            "backup.suffix", "-debug", SUFFIX, "it must begin with a dash, for instance -debug"),
        address,
        settings.number("port", 10350, 1, 65535),
        settings.path("root"),
        settings.text("state", "/run/lifeline", ABSOLUTE, "it must be an absolute path"));
  }
}
