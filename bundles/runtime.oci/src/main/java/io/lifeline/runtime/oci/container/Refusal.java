package io.lifeline.runtime.oci.container;

import io.lifeline.session.api.ExitStatus;
import java.util.Locale;
import java.util.Optional;

/** Tells a command that cannot be started from a runtime that does not work. */
final class Refusal {

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  private Refusal() {}

  /**
   * What a runtime's message says of the command; empty when it is not about the command. The
   * answer to a missing one has the words of the kubelet, whichever runtime said it.
   */
  static Optional<ExitStatus.Failed> ofCommand(String command, String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("executable file") && lower.contains("not found")) {
      return Optional.of(
          new ExitStatus.Failed(
              NOT_FOUND, "exec: \"%s\": executable file not found in $PATH".formatted(command)));
    }
    boolean about =
        lower.contains("exec: \"")
            || lower.contains("exec " + command)
            || lower.contains("open executable");
    if (about && lower.contains("no such file or directory")) {
      return Optional.of(
          new ExitStatus.Failed(
              NOT_FOUND, "exec: \"%s\": no such file or directory".formatted(command)));
    }
    if (about && (lower.contains("permission denied") || lower.contains("is a directory"))) {
      return Optional.of(
          new ExitStatus.Failed(
              NOT_EXECUTABLE, "exec: \"%s\": permission denied".formatted(command)));
    }
    if (about && lower.contains("exec format error")) {
      return Optional.of(
          new ExitStatus.Failed(
              NOT_EXECUTABLE, "exec: \"%s\": exec format error".formatted(command)));
    }
    return Optional.empty();
  }
}
