package io.lifeline.kubelet.streaming;

import io.lifeline.kubelet.api.StreamTarget.Verb;
import io.lifeline.session.api.ExitStatus;
import io.lifeline.session.api.Json;

/**
 * The end of a remote command in words: a {@code metav1.Status} in JSON since protocol v4, a line
 * of text before (and nothing at all for success).
 *
 * <p>Source: {@code cri-streaming/pkg/streaming/remotecommand} of Kubernetes, {@code ServeExec} and
 * {@code ServeAttach}.
 */
final class StatusText {

  private static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";

  private StatusText() {}

  /** As JSON. */
  static String json(Verb verb, ExitStatus status) {
    if (status instanceof ExitStatus.Failed failed) {
      return """
      {"metadata":{},"status":"Failure","message":%s,"reason":"InternalError",\
      "details":{"causes":[{"message":%s}]},"code":500}\
      """
          .formatted(Json.of(internal(verb, failed)), Json.of(cause(verb, failed)));
    }
    if (succeeded(verb, status)) {
      return SUCCESS;
    }
    return """
    {"metadata":{},"status":"Failure","message":%s,"reason":"NonZeroExitCode",\
    "details":{"causes":[{"reason":"ExitCode","message":"%d"}]}}\
    """
        .formatted(Json.of(nonZero(status)), status.shellCode());
  }

  /** As text, for protocols v1 to v3; empty for success. */
  static String plain(Verb verb, ExitStatus status) {
    if (status instanceof ExitStatus.Failed failed) {
      return internal(verb, failed);
    }
    return succeeded(verb, status) ? "" : nonZero(status);
  }

  /**
   * Who was attached is told of success however the main process ended: on a NonZeroExitCode
   * kubectl would say that it could not attach and fall back to the logs.
   */
  private static boolean succeeded(Verb verb, ExitStatus status) {
    return verb == Verb.ATTACH || status.shellCode() == 0;
  }

  private static String nonZero(ExitStatus status) {
    return "command terminated with non-zero exit code: exit status " + status.shellCode();
  }

  private static String internal(Verb verb, ExitStatus.Failed failed) {
    return "Internal error occurred: " + cause(verb, failed);
  }

  private static String cause(Verb verb, ExitStatus.Failed failed) {
    return switch (verb) {
      case EXEC -> "error executing command in container: " + failed.message();
      case ATTACH -> "error attaching to container: " + failed.message();
    };
  }
}
