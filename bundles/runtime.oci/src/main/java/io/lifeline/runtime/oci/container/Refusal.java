package io.lifeline.runtime.oci.container;

import io.lifeline.runtime.oci.linux.LoadException;
import io.lifeline.runtime.oci.tool.ToolException;
import io.lifeline.session.api.ExitStatus;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Tells a command that cannot be started from a runtime that does not work. */
final class Refusal {

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  private static final int ENOENT = 2;
  private static final int E2BIG = 7;
  private static final int ENOEXEC = 8;
  private static final int EACCES = 13;
  private static final int ENOTDIR = 20;

  private Refusal() {}

  /**
   * What a failed start says of the command; empty when the command is not to blame. The answer to
   * a missing one has the words of the kubelet, whoever said it.
   */
  static Optional<ExitStatus.Failed> ofCommand(String command, IOException failure) {
    if (failure instanceof LoadException kernel) {
      return byKernel(command, kernel);
    }
    return failure instanceof ToolException runtime
        ? byRuntime(command, runtime.answer())
        : Optional.empty();
  }

  private static Optional<ExitStatus.Failed> byKernel(String command, LoadException answer) {
    return switch (answer.error()) {
      case ENOENT, ENOTDIR ->
          Optional.of(
              failed(
                  NOT_FOUND,
                  command,
                  command.contains("/")
                      ? "no such file or directory"
                      : "executable file not found in $PATH"));
      case EACCES -> Optional.of(failed(NOT_EXECUTABLE, command, "permission denied"));
      case ENOEXEC -> Optional.of(failed(NOT_EXECUTABLE, command, "exec format error"));
      case E2BIG -> Optional.of(failed(NOT_EXECUTABLE, command, "argument list too long"));
      default -> Optional.empty();
    };
  }

  private static ExitStatus.Failed failed(int code, String command, String why) {
    return new ExitStatus.Failed(code, "exec: \"%s\": %s".formatted(command, why));
  }

  static Optional<ExitStatus.Failed> byRuntime(String command, String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("executable file") && lower.contains("not found")) {
      return Optional.of(failed(NOT_FOUND, command, "executable file not found in $PATH"));
    }
    boolean about =
        lower.contains("exec: \"")
            || lower.contains("exec " + command)
            || lower.contains("open executable");
    if (about && lower.contains("no such file or directory")) {
      return Optional.of(failed(NOT_FOUND, command, "no such file or directory"));
    }
    if (about && (lower.contains("permission denied") || lower.contains("is a directory"))) {
      return Optional.of(failed(NOT_EXECUTABLE, command, "permission denied"));
    }
    if (about && lower.contains("exec format error")) {
      return Optional.of(failed(NOT_EXECUTABLE, command, "exec format error"));
    }
    return Optional.empty();
  }
}
