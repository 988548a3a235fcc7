package io.lifeline.proxy;

/** What the proxy answers. */
sealed interface Answer {

  /**
   * The bootstrap kubeconfig.
   *
   * @param kubeconfig its text; secret
   */
  record Granted(String kubeconfig) implements Answer {
    @Override
    public String toString() {
      return "Granted";
    }
  }

  /** No, and why. */
  record Refused(Reason reason, String message) implements Answer {}

  /** Why not; the names are as they appear in the answer. */
  enum Reason {
    NotAnAgent(403),
    WrongWorker(403),
    WorkerReady(403),
    NoNodeDebug(404),
    NoBootstrapKubeConfig(404),
    NoRelease(404),
    BadRequest(400),
    TooManyRequests(429),
    ApiServerUnreachable(503);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    int status() {
      return status;
    }
  }
}
