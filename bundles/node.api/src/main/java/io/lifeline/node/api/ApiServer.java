package io.lifeline.node.api;

/** Whether anybody answers where the worker's API server is. A service. Any thread. */
public interface ApiServer {

  /** What came of a question. */
  enum Reach {
    /** It answered; that it refuses the kubelet's certificate is an answer, too. */
    ANSWERS,
    /** Nothing came back in time, or no connection came about. */
    SILENT,
    /** It could not be asked: where it is is not known. */
    UNKNOWN
  }

  /** Asks now; blocks as long as {@code etc/io.lifeline.kubernetes.cfg} lets a request. */
  Reach ask();
}
