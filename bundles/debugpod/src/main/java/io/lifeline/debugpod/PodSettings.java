package io.lifeline.debugpod;

import io.lifeline.config.Settings;
import java.util.regex.Pattern;

/**
 * The settings of {@code io.lifeline.debugpod}.
 *
 * @param namespace the one namespace whose pod is accepted
 * @param mountPath where the worker's {@code /} must be mounted
 */
record PodSettings(String namespace, String mountPath) {

  static final String PID = "io.lifeline.debugpod";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern PATH = Pattern.compile("(/[a-zA-Z0-9._-]+)+");

  static PodSettings of(Settings settings) {
    return new PodSettings(
        settings.text(
            "namespace", "default", NAME, "it must be a namespace's name, as in DNS-1123"),
        settings.text("mount.path", "/host", PATH, "it must be an absolute path of plain names"));
  }
}
