package io.lifeline.itests.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The real kubectl.
 *
 * @param program which one
 * @param kubeconfig of the cluster under test
 * @param limit how long one call may take
 */
public record Kubectl(String program, Path kubeconfig, Duration limit) {

  public Kubectl(String program, Path kubeconfig) {
    this(program, kubeconfig, Duration.ofSeconds(20));
  }

  public Kubectl within(Duration most) {
    return new Kubectl(program, kubeconfig, most);
  }

  /** Its words, for a terminal. */
  public List<String> words(String... arguments) {
    List<String> words = new ArrayList<>(List.of(program, "--kubeconfig=" + kubeconfig));
    words.addAll(List.of(arguments));
    return words;
  }

  public Command command(String... arguments) {
    return Command.of(words(arguments)).within(limit);
  }

  /** Runs it; a failure is an outcome as well. */
  public Command.Outcome run(String... arguments) {
    return command(arguments).run();
  }

  /** Runs it, fails when it fails, and returns what it printed. */
  public String out(String... arguments) {
    return command(arguments).output();
  }

  public String apply(String yaml) {
    return command("apply", "-f", "-").output(yaml);
  }

  /** A field by its JSONPath; empty when it is not there, or the object is not. */
  public Optional<String> field(String object, String jsonPath, String... more) {
    List<String> arguments = new ArrayList<>(List.of("get", object, "--ignore-not-found"));
    arguments.addAll(List.of("-o", "jsonpath=" + jsonPath));
    arguments.addAll(List.of(more));
    Command.Outcome outcome = run(arguments.toArray(String[]::new));
    return outcome.succeeded() && !outcome.out().isBlank()
        ? Optional.of(outcome.out().strip())
        : Optional.empty();
  }

  /** Whether there is one; an API server that does not answer fails the test. */
  public boolean exists(String object, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("get", object, "--ignore-not-found", "-o", "name"));
    arguments.addAll(List.of(more));
    return !out(arguments.toArray(String[]::new)).isBlank();
  }

  /** The status of a condition of an object: True, False, Unknown or nothing. */
  public String condition(String object, String type, String... more) {
    return field(object, "{.status.conditions[?(@.type==\"" + type + "\")].status}", more)
        .orElse("");
  }

  /** Whether the Node is there and Ready. */
  public boolean nodeReady(String node) {
    return condition("node/" + node, "Ready").equals("True");
  }
}
