package io.lifeline.ssh.server;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** From what was asked for to what runs. */
final class CommandLine {

  /** What a person says to the engine; {@code lifeline} before it may be left out here. */
  private static final Set<String> ENGINE = Set.of("join", "watch", "sessions", "say", "stay");

  private static final String ENGINE_NAME = "lifeline";

  static final String NO_COPY =
      "files are not copied through this door: use 'kubectl cp', or 'ssh … cat FILE > FILE'";

  private final String shell;

  CommandLine(String shell) {
    this.shell = shell;
  }

  List<String> shell() {
    return List.of(shell);
  }

  List<String> of(String line) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    if (words.get(0).equals(ENGINE_NAME)) {
      return words;
    }
    if (ENGINE.contains(words.get(0))) {
      return Stream.concat(Stream.of(ENGINE_NAME), words.stream()).toList();
    }
    return List.of(shell, "-c", line);
  }

  /** Why a line is not run at all. */
  static Optional<String> refusal(String line) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    String program = words.get(0).substring(words.get(0).lastIndexOf('/') + 1);
    boolean copies =
        program.equals("scp") && (words.contains("-t") || words.contains("-f"))
            || program.equals("sftp-server")
            || program.equals("internal-sftp");
    return copies ? Optional.of(NO_COPY) : Optional.empty();
  }
}
