package io.lifeline.node.monitor;

import io.lifeline.node.api.AnnotationListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells who listens when the Node's annotations are others than before; most events of the watch
 * are about its status. Any thread.
 */
final class Annotations {

  private final List<AnnotationListener> listeners = new CopyOnWriteArrayList<>();
  private Map<String, String> last = Map.of();
  private boolean known;

  synchronized void add(AnnotationListener listener) {
    listeners.add(listener);
    if (known) {
      listener.annotations(last);
    }
  }

  void remove(AnnotationListener listener) {
    listeners.remove(listener);
  }

  synchronized void seen(Map<String, String> annotations) {
    if (known && annotations.equals(last)) {
      return;
    }
    known = true;
    last = annotations;
    listeners.forEach(listener -> listener.annotations(annotations));
  }
}
