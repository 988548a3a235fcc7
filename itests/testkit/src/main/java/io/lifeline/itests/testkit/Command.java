package io.lifeline.itests.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A program to run, with a time limit, its output captured. Immutable; each {@code with…} returns
 * another one.
 */
public final class Command {

  /** The exit code of a command that was ended because its time was over: as timeout(1) has it. */
  public static final int TIME_OVER = 124;

  private final List<String> words;
  private final Map<String, String> environment;
  private final Optional<Path> directory;
  private final Optional<Path> input;
  private final Optional<Path> output;
  private final Duration limit;

  private Command(
      List<String> words,
      Map<String, String> environment,
      Optional<Path> directory,
      Optional<Path> input,
      Optional<Path> output,
      Duration limit) {
    this.words = List.copyOf(words);
    this.environment = Map.copyOf(environment);
    this.directory = directory;
    this.input = input;
    this.output = output;
    this.limit = limit;
  }

  /** A program and its arguments; at most a minute long. */
  public static Command of(List<String> words) {
    return new Command(
        words,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(1));
  }

  public static Command of(String... words) {
    return of(List.of(words));
  }

  /** A line for bash. */
  public static Command shell(String line) {
    return of("bash", "-c", line);
  }

  public Command within(Duration most) {
    return new Command(words, environment, directory, input, output, most);
  }

  public Command in(Path folder) {
    return new Command(words, environment, Optional.of(folder), input, output, limit);
  }

  public Command with(String variable, String value) {
    Map<String, String> more = new TreeMap<>(environment);
    more.put(variable, value);
    return new Command(words, more, directory, input, output, limit);
  }

  /** Its standard input comes from a file. */
  public Command from(Path file) {
    return new Command(words, environment, directory, Optional.of(file), output, limit);
  }

  /** Its standard output goes to a file, and is empty in the outcome. */
  public Command to(Path file) {
    return new Command(words, environment, directory, input, Optional.of(file), limit);
  }

  /** What became of it. */
  public record Outcome(String line, int exit, String out, String err, Duration took) {

    public boolean succeeded() {
      return exit == 0;
    }

    /** Both outputs, for looking something up in them. */
    public String text() {
      return out + err;
    }

    /** The same, told to people. */
    @Override
    public String toString() {
      return "$ %s%n%s%s(exit code %d after %d ms)"
          .formatted(line, out, err, exit, took.toMillis());
    }
  }

  /** Runs it; a failure is an outcome as well. */
  public Outcome run() {
    return run("");
  }

  /** Runs it with a text as its standard input. */
  public Outcome run(String stdin) {
    try {
      return execute(stdin);
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' could not be run".formatted(words.get(0)), e);
    }
  }

  /**
   * Runs it and returns its standard output without the blanks around it.
   *
   * @throws AssertionError when it fails; tells the command and both outputs
   */
  public String output() {
    return output("");
  }

  /** The same with a text as its standard input. */
  public String output(String stdin) {
    Outcome outcome = run(stdin);
    if (!outcome.succeeded()) {
      throw new AssertionError("this command failed:\n" + outcome);
    }
    return outcome.out().strip();
  }

  private Outcome execute(String stdin) throws IOException {
    // Files, not pipes: a grandchild that keeps a pipe open would keep us waiting.
    Path in = input.orElse(temporary("in"));
    Path out = output.orElse(temporary("out"));
    Path err = temporary("err");
    try {
      if (input.isEmpty()) {
        Files.writeString(in, stdin);
      }
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      directory.ifPresent(folder -> builder.directory(folder.toFile()));
      long began = System.nanoTime();
      Process process = builder.start();
      int exit = exitOf(process);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      Await.tellOf("this ended: " + String.join(" ", words).lines().findFirst().orElse(""), took);
      return new Outcome(
          String.join(" ", words), exit, output.isPresent() ? "" : text(out), text(err), took);
    } finally {
      if (input.isEmpty()) {
        Files.deleteIfExists(in);
      }
      if (output.isEmpty()) {
        Files.deleteIfExists(out);
      }
      Files.deleteIfExists(err);
    }
  }

  private int exitOf(Process process) {
    try {
      if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return process.exitValue();
      }
      endTree(process);
      return TIME_OVER;
    } catch (InterruptedException e) {
      endTree(process);
      Thread.currentThread().interrupt();
      return TIME_OVER;
    }
  }

  static void endTree(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static Path temporary(String what) throws IOException {
    return Files.createTempFile("lifeline-test-", "." + what);
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
