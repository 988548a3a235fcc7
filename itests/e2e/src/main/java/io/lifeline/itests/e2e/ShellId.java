package io.lifeline.itests.e2e;

import io.lifeline.itests.testkit.Terminal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name that a shell tells of itself. */
public final class ShellId {

  private static final Pattern ID = Pattern.compile("This session is ([a-z]+-[0-9]+);");
  private static final Duration SOON = Duration.ofSeconds(15);

  private ShellId() {}

  /** Waits for it, and for the prompt. */
  public static String of(Terminal terminal) {
    Matcher id = ID.matcher(terminal.expect(ID, SOON));
    if (!id.find()) {
      throw new AssertionError("the shell tells no name");
    }
    terminal.type("echo prompt-$((40 + 2))");
    terminal.expect("prompt-42", SOON);
    return id.group(1);
  }
}
