package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.Kubectl;
import io.lifeline.itests.testkit.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pod to measure with, behind one of the two kubelets. In both the machine's root is at /host, so
 * that the very same programs run.
 */
record Place(Kubectl kubectl, String pod) {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration SOON = Duration.ofSeconds(10);

  private Command exec(String... command) {
    List<String> words = new ArrayList<>(List.of("exec", "-i", pod, "--", "chroot", "/host"));
    words.addAll(List.of(command));
    return kubectl.within(LONG).command(words.toArray(String[]::new));
  }

  private static double millis(Command.Outcome outcome) {
    if (!outcome.succeeded()) {
      throw new AssertionError("this command failed:\n" + outcome);
    }
    return outcome.took().toNanos() / 1e6;
  }

  double execTrue() {
    return millis(exec("true").run());
  }

  double download(long bytes) {
    Command command = exec("head", "-c", Long.toString(bytes), "/dev/zero");
    return millis(command.to(Path.of("/dev/null")).run());
  }

  double upload(Path file) {
    return millis(exec("sh", "-c", "cat >/dev/null").from(file).run());
  }

  /** Types single keys into a program that gives each back, one after the other. */
  Samples echo(int keys) {
    Samples samples = new Samples();
    List<String> words =
        kubectl.words("exec", "-it", pod, "--", "chroot", "/host", "sh", "-c", ECHO);
    try (Terminal terminal = Terminal.open(words)) {
      terminal.expect("echo-begins", SOON);
      for (int i = 0; i < keys; i++) {
        String key = String.valueOf((char) ('a' + i % 26));
        long began = System.nanoTime();
        terminal.send(key);
        terminal.expect(Pattern.compile(key), SOON);
        samples.add((System.nanoTime() - began) / 1e6);
      }
    }
    return samples;
  }

  private static final String ECHO = "stty raw -echo; echo echo-begins; exec cat";
}
