package io.lifeline.itests.e2e.bench;

import io.lifeline.itests.testkit.Command;
import io.lifeline.itests.testkit.OpenSsh;
import io.lifeline.itests.testkit.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An SSH server on the worker to measure with.
 *
 * @param before what leads to the worker's root from its shell, with a blank at the end; blank
 *     where it is there already
 */
record SshPlace(OpenSsh ssh, Path key, String login, String before) {

  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final int WARM = 100;
  private static final String ECHO = "sh -c 'stty raw -echo; echo echo-begins; exec cat'";

  private Command command(String line) {
    List<String> words = new ArrayList<>(ssh.words("ssh", key, login + "@" + ssh.host()));
    words.add(before + line);
    return Command.of(words).within(LONG);
  }

  private static double millis(Command.Outcome outcome) {
    if (!outcome.succeeded()) {
      throw new AssertionError("this command failed:\n" + outcome);
    }
    return outcome.took().toNanos() / 1e6;
  }

  /** A connection, a command, its end. */
  double runTrue() {
    return millis(command("true").run());
  }

  /** Downloads a file of the worker and compares its checksum. */
  double download(String file, String sha256) throws IOException {
    Path into = Files.createTempFile("lifeline-bench-", ".down");
    try {
      double millis = millis(command("cat " + file).to(into).run());
      same(sha256, Command.of("sha256sum", into.toString()).output());
      return millis;
    } finally {
      Files.deleteIfExists(into);
    }
  }

  /** Uploads a file to where it is summed. */
  double upload(Path file, String sha256) {
    Command.Outcome outcome = command("sha256sum").from(file).run();
    same(sha256, outcome.out());
    return millis(outcome);
  }

  private static void same(String sha256, String sum) {
    if (!sum.startsWith(sha256)) {
      throw new AssertionError("the checksum is wrong: " + sum);
    }
  }

  /** Types single keys into a program that gives each back; the first are not counted. */
  Samples echo(int keys) {
    Samples samples = new Samples();
    try (Terminal terminal = ssh.terminal(key, login, before + ECHO)) {
      terminal.expect("echo-begins", SOON);
      for (int i = -WARM; i < keys; i++) {
        String typed = String.valueOf((char) ('a' + (i + WARM) % 26));
        long began = System.nanoTime();
        terminal.send(typed);
        terminal.expect(Pattern.compile(typed), SOON);
        if (i >= 0) {
          samples.add((System.nanoTime() - began) / 1e6);
        }
      }
    }
    return samples;
  }
}
