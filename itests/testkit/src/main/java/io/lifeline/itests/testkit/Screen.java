package io.lifeline.itests.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A person at a real terminal, tmux's, which paints what a program says: what is compared is what
 * the person sees. Each has a server and a socket of its own.
 */
public final class Screen implements AutoCloseable {

  private final Path socket;

  private Screen(Path socket) {
    this.socket = socket;
  }

  /** Opens one with a program in it. */
  public static Screen open(List<String> program, Terminal.Size size) {
    Path folder;
    try {
      folder = Files.createTempDirectory("lifeline-screen-");
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for tmux's socket", e);
    }
    Screen screen = new Screen(folder.resolve("socket"));
    String line = program.stream().map(Terminal::quoted).collect(Collectors.joining(" "));
    screen
        .tmux(
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            Integer.toString(size.columns()),
            "-y",
            Integer.toString(size.rows()),
            line,
            ";",
            // A line of tmux's own, at the bottom.
            "set-option",
            "-g",
            "status",
            "off",
            ";",
            "resize-window",
            "-x",
            Integer.toString(size.columns()),
            "-y",
            Integer.toString(size.rows()))
        .output();
    return screen;
  }

  private Command tmux(String... words) {
    List<String> all = new ArrayList<>(List.of("tmux", "-S", socket.toString()));
    all.addAll(List.of(words));
    return Command.of(all);
  }

  /** Types exactly this. */
  public void type(String keys) {
    tmux("send-keys", "-l", "--", keys).output();
  }

  /** Presses a key by its name, such as Enter or Escape. */
  public void press(String key) {
    tmux("send-keys", key).output();
  }

  /** The rows as they are seen now, the blanks at their ends left out. */
  public List<String> rows() {
    return tmux("capture-pane", "-p").run().out().lines().map(String::stripTrailing).toList();
  }

  /** Waits until the person sees something. */
  public List<String> await(String what, Predicate<List<String>> seen, Duration within) {
    List<String> last = new ArrayList<>();
    try {
      Await.until(
          what,
          within,
          () -> {
            List<String> now = rows();
            if (!now.isEmpty()) {
              // Once the program has ended there are none, and the last ones tell more.
              last.clear();
              last.addAll(now);
            }
            return !now.isEmpty() && seen.test(now);
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; seen was:\n" + String.join("\n", last), e);
    }
    return List.copyOf(last);
  }

  @Override
  public void close() {
    tmux("kill-server").run();
    Command.of("rm", "-rf", String.valueOf(socket.getParent())).run();
  }
}
