package io.lifeline.session.engine;

import io.lifeline.session.api.ContainerProcess;
import io.lifeline.session.api.TerminalSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The windows on a session; the smallest rules, as in tmux. A shell without one keeps the last. */
final class Windows {

  private static final TerminalSize USUAL = new TerminalSize(80, 24);

  private final Map<Object, TerminalSize> sizes = new HashMap<>(2);
  private Optional<TerminalSize> last = Optional.empty();

  synchronized void put(Object window, TerminalSize size) {
    sizes.put(window, size);
    last = least();
  }

  synchronized void remove(Object window) {
    sizes.remove(window);
    last = least().or(() -> last);
  }

  synchronized Optional<TerminalSize> smallest() {
    return last;
  }

  TerminalSize smallestOrUsual() {
    return smallest().orElse(USUAL);
  }

  /** A full-screen program draws everything again when the size changes, and only then. */
  void repaint(@Nullable ContainerProcess process) {
    Optional<TerminalSize> size = smallest();
    if (process != null && size.isPresent() && size.get().rows() > 1) {
      process.resize(new TerminalSize(size.get().columns(), size.get().rows() - 1));
      process.resize(size.get());
    }
  }

  private Optional<TerminalSize> least() {
    return sizes.values().stream()
        .reduce(
            (one, other) ->
                new TerminalSize(
                    Math.min(one.columns(), other.columns()), Math.min(one.rows(), other.rows())));
  }
}
