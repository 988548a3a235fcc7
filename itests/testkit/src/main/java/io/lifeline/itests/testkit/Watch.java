package io.lifeline.itests.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The lines of a command that goes on, such as {@code kubectl get -w}, each with its time. */
public final class Watch implements AutoCloseable {

  /** A line and when it came. */
  public record Line(Instant at, String text) {}

  private final Process process;
  private final List<Line> lines = new ArrayList<>();

  private Watch(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "watch-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  public static Watch of(List<String> command) {
    try {
      return new Watch(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be run".formatted(command.get(0)), e);
    }
  }

  /** The first line that fits; waits for it. */
  public Line first(String what, Duration within, Predicate<String> fits) {
    return Await.value(what, within, () -> find(fits));
  }

  /** The first line that fits, of those that have come. */
  public synchronized Optional<Line> find(Predicate<String> fits) {
    return lines.stream().filter(line -> fits.test(line.text())).findFirst();
  }

  private void read() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(new Line(Instant.now(), line));
      }
    } catch (IOException e) {
      add(new Line(Instant.now(), "(the watch broke: " + e.getMessage() + ")"));
    }
  }

  private synchronized void add(Line line) {
    lines.add(line);
  }

  @Override
  public void close() {
    Command.endTree(process);
  }
}
