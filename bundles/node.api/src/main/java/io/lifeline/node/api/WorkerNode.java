package io.lifeline.node.api;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The worker's own Node, with the kubelet's own identity. Any thread. */
public interface WorkerNode {

  /**
   * Sets annotations, or removes those without a value; one request.
   *
   * @throws IOException when the API server cannot be asked, or refuses
   */
  void annotate(Map<String, Optional<String>> annotations) throws IOException;
}
