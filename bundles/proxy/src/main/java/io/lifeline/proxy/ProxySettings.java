package io.lifeline.proxy;

import io.lifeline.config.Settings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The proxy's settings; {@code etc/io.lifeline.proxy.cfg} explains each.
 *
 * @param address where it listens
 * @param port where it listens
 * @param tls the folder with tls.crt, tls.key and ca.crt
 * @param namespace where the operator keeps the bootstrap kubeconfigs
 * @param perMinute how often one worker may ask
 * @param releases a folder with one folder for each version, beside what the distribution brings
 */
record ProxySettings(
    String address, int port, Path tls, String namespace, int perMinute, Optional<Path> releases) {

  static final String PID = "io.lifeline.proxy";

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]+");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern ABSOLUTE = Pattern.compile("/.*");

  static ProxySettings of(Settings settings) {
    return new ProxySettings(
        settings.text("address", "0.0.0.0", ADDRESS, "it must be an IP address"),
        settings.number("port", 8443, 1, 65535),
        Path.of(settings.text("tls", "/etc/lifeline/tls", ABSOLUTE, "it must be an absolute path")),
        settings.text(
            "namespace",
            "lifeline-system",
            NAMESPACE,
            "it must be a namespace's name: lower-case letters, digits and '-', at most 63"),
        settings.number("requests.per.minute", 90, 1, 6000),
        settings.path("releases"));
  }
}
