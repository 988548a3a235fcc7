package io.lifeline.node.api;

import java.util.Map;

/**
 * Is told of the annotations of the worker's own Node, as the monitor's watch brings them: nothing
 * is asked for it. A whiteboard service.
 */
@FunctionalInterface
public interface AnnotationListener {

  /** Must not block. Called with each change, and with what is known when the listener is new. */
  void annotations(Map<String, String> annotations);
}
