package io.lifeline.itests.e2e.demo;

import io.lifeline.itests.testkit.Cluster;
import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import java.time.Duration;

/** Where the walk-through is shown: sentences, commands, their output. */
@SuppressWarnings("SystemOut") // a program for the terminal
final class Stage {

  private final Cluster cluster;

  Stage(Cluster cluster) {
    this.cluster = cluster;
  }

  /** A heading and a sentence or two. */
  void say(String heading, String text) {
    System.out.printf("%n== %s%n%s%n", heading, text.stripTrailing());
  }

  void print(String text) {
    System.out.print(text);
    System.out.flush();
  }

  /** Shows a kubectl command and what it printed, and returns that. */
  String kubectl(String... arguments) {
    return show("kubectl " + String.join(" ", arguments), cluster.kubectl().command(arguments), "");
  }

  /** Shows the manifest, then what {@code kubectl apply} makes of it. */
  String apply(String file, String yaml) {
    System.out.printf("%n$ cat %s%n%s", file, yaml.stripTrailing() + "\n");
    Kubectl kubectl = cluster.kubectl();
    return show("kubectl apply -f " + file, kubectl.command("apply", "-f", "-"), yaml);
  }

  /** Shows a line for the shell and what it printed. */
  String shell(String line) {
    Command command = Command.shell(line).in(cluster.home()).within(Duration.ofMinutes(3));
    return show(line, command, "");
  }

  private static String show(String line, Command command, String stdin) {
    System.out.printf("%n$ %s%n", line);
    Command.Outcome outcome = command.run(stdin);
    String text = outcome.text();
    System.out.print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    if (!outcome.succeeded()) {
      System.out.printf("(exit code %d)%n", outcome.exit());
    }
    return text;
  }
}
