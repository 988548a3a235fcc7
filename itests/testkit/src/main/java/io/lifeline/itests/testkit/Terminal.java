package io.lifeline.itests.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A person at a terminal: a real pseudo-terminal, made by script(1), and in it a program such as
 * {@code kubectl exec -it}.
 *
 * <p>What the program prints is gathered by a thread of its own; {@link #expect} looks for text
 * that came after what was expected before.
 */
public final class Terminal implements AutoCloseable {

  private static final Pattern ESCAPES =
      Pattern.compile("\\x1b\\[[0-9;?]*[ -/]*[@-~]|\\x1b\\][^\\x07]*\\x07");

  private final Process process;
  private final OutputStream keyboard;
  private final String what;
  private final StringBuilder seen = new StringBuilder();
  private int expected;
  private boolean over;

  private Terminal(Process process, String what) {
    this.process = process;
    this.keyboard = process.getOutputStream();
    this.what = what;
    Thread reader = new Thread(this::read, "terminal-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** How large the window is. */
  public record Size(int rows, int columns) {}

  /** Opens a terminal of 30 rows and 110 columns with a program in it. */
  public static Terminal open(List<String> program) {
    return open(program, new Size(30, 110));
  }

  public static Terminal open(List<String> program, Size size) {
    String line = program.stream().map(Terminal::quoted).collect(Collectors.joining(" "));
    String inside = "stty rows %d cols %d; exec %s".formatted(size.rows(), size.columns(), line);
    ProcessBuilder builder =
        new ProcessBuilder("script", "-q", "-f", "-e", "-c", inside, "/dev/null")
            .redirectErrorStream(true);
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().put("TERM", "xterm");
    try {
      return new Terminal(builder.start(), line);
    } catch (IOException e) {
      throw new UncheckedIOException("script(1) of util-linux could not be run", e);
    }
  }

  /** Types a line and Enter. */
  public void type(String line) {
    send(line + "\r");
  }

  /** Types exactly this. */
  public void send(String keys) {
    try {
      keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
      keyboard.flush();
    } catch (IOException e) {
      throw new AssertionError(
          "the terminal of '%s' is closed; it showed:\n%s".formatted(what, screen()), e);
    }
  }

  /**
   * Waits until a text shows up after what was expected before.
   *
   * @return what was shown from there to the text's end, escape sequences left out
   */
  public String expect(String text, Duration within) {
    return await(
        text,
        within,
        () -> {
          int at = seen.indexOf(text, expected);
          return at < 0 ? Optional.empty() : Optional.of(at + text.length());
        });
  }

  /** The same for a pattern. */
  public String expect(Pattern pattern, Duration within) {
    return await(
        pattern.pattern(),
        within,
        () -> {
          var matcher = pattern.matcher(seen);
          return matcher.find(expected) ? Optional.of(matcher.end()) : Optional.empty();
        });
  }

  private interface Look {
    Optional<Integer> end();
  }

  private synchronized String await(String text, Duration within, Look look) {
    long began = System.nanoTime();
    long end = began + within.toNanos();
    while (true) {
      Optional<Integer> at = look.end();
      if (at.isPresent()) {
        String passed = seen.substring(expected, at.get());
        expected = at.get();
        Await.tellOf(
            "a terminal showed '" + text + "'", Duration.ofNanos(System.nanoTime() - began));
        return plain(passed);
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || over) {
        throw new AssertionError(
            "'%s' was not shown %s by '%s'; the terminal showed:%n%s"
                .formatted(text, over ? "before the end" : "within " + within, what, screen()));
      }
      waitFor(left);
    }
  }

  private synchronized void waitFor(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted at the terminal of " + what, e);
    }
  }

  /** Everything that was shown, escape sequences left out. */
  public synchronized String screen() {
    return plain(seen.toString());
  }

  /** Everything that was shown, as the program printed it. */
  public synchronized String raw() {
    return seen.toString();
  }

  /** Changes the window's size, as a person does with the mouse. */
  public void resize(Size size) {
    Path terminal = innermost();
    Command.of(
            "stty",
            "-F",
            terminal.toString(),
            "rows",
            Integer.toString(size.rows()),
            "cols",
            Integer.toString(size.columns()))
        .output();
  }

  /** The pseudo-terminal of the program inside. */
  private Path innermost() {
    return process
        .descendants()
        .map(child -> Path.of("/proc/" + child.pid() + "/fd/0"))
        .flatMap(
            link -> {
              try {
                return java.util.stream.Stream.of(Files.readSymbolicLink(link));
              } catch (IOException e) {
                return java.util.stream.Stream.empty();
              }
            })
        .filter(target -> target.startsWith("/dev/pts"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("'%s' has no terminal any more".formatted(what)));
  }

  /** Waits for the program's end and returns its exit code. */
  public int exit(Duration within) {
    try {
      if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError(
            "'%s' did not end within %s; the terminal showed:%n%s"
                .formatted(what, within, screen()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted at the terminal of " + what, e);
    }
    return process.exitValue();
  }

  public boolean isOpen() {
    return process.isAlive();
  }

  /** Ends whatever still runs in it, as closing the window does. */
  @Override
  public void close() {
    List<ProcessHandle> children = new ArrayList<>(process.descendants().toList());
    process.destroy();
    children.forEach(ProcessHandle::destroyForcibly);
    Command.endTree(process);
  }

  private void read() {
    byte[] bytes = new byte[8192];
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        show(new String(bytes, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      show("");
    }
    synchronized (this) {
      over = true;
      notifyAll();
    }
  }

  private synchronized void show(String text) {
    seen.append(text);
    notifyAll();
  }

  private static String plain(String text) {
    return ESCAPES.matcher(text).replaceAll("").replace("\r", "");
  }

  /** As one word for sh. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./=:,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
