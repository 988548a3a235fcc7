package io.lifeline.session.engine;

import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.SessionEngine;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a person says to the engine: {@code lifeline sessions}, {@code join}, {@code watch}, {@code
 * say}, {@code end}, {@code stay}; the same at every door and in the shell.
 */
final class PersonsCommand {

  static final String NAME = "lifeline";

  static final String HELP =
      """
      lifeline sessions      who is in: each session's id, door, times, size, state
      lifeline join ID       a second window on a session; Ctrl-] leaves it
      lifeline watch ID      the same, but your keys go nowhere; Ctrl-] leaves it
      lifeline say TEXT      a line on every terminal
      lifeline end ID        hang a session up
      lifeline stay          once: more time when the worker is Ready again
      """;

  private static final int WRONG = 2;

  /** What comes of it. */
  sealed interface Outcome {

    /** Something to read; zero is well. */
    record Text(String text, int code) implements Outcome {}

    /** He goes into a session. */
    record Enter(JoinRequest request) implements Outcome {}
  }

  private final SessionEngine engine;
  private final Function<Asker, String> stay;

  /**
   * @param stay asks for more time and says what came of it
   */
  PersonsCommand(SessionEngine engine, Function<Asker, String> stay) {
    this.engine = engine;
    this.stay = stay;
  }

  /**
   * @param words without the first, which is {@code lifeline}
   */
  Outcome run(List<String> words, Asker asker) {
    String verb = words.isEmpty() ? "help" : words.get(0);
    Optional<String> rest =
        words.size() > 1
            ? Optional.of(String.join(" ", words.subList(1, words.size())))
            : Optional.empty();
    return switch (verb) {
      case "sessions", "list" -> list(asker);
      case "join" -> rest.map(id -> enter(id, Mode.JOIN, asker)).orElseGet(() -> lacks("join ID"));
      case "watch" ->
          rest.map(id -> enter(id, Mode.WATCH, asker)).orElseGet(() -> lacks("watch ID"));
      case "say" -> rest.map(text -> say(text, asker)).orElseGet(() -> lacks("say TEXT"));
      case "end" -> rest.map(id -> end(id, asker)).orElseGet(() -> lacks("end ID"));
      case "stay" -> well(stay.apply(asker) + "\n");
      case "help", "--help", "-h" -> well(HELP);
      default -> wrong("there is no 'lifeline %s'; there are:\n%s".formatted(verb, HELP));
    };
  }

  private static Outcome well(String text) {
    return new Outcome.Text(text, 0);
  }

  private static Outcome wrong(String text) {
    return new Outcome.Text(text, WRONG);
  }

  private static Outcome lacks(String usage) {
    return wrong("lifeline %s: 'lifeline sessions' shows who is in\n".formatted(usage));
  }

  private Outcome list(Asker asker) {
    return well(
        SessionTable.of(engine.sessions(), asker.session().map(LiveSession::id).orElse("")));
  }

  private Outcome enter(String id, Mode mode, Asker asker) {
    if (mode == Mode.JOIN && !(asker.terminal() && asker.keys())) {
      return wrong("to join, a terminal is needed: kubectl exec -it …; 'watch' needs none\n");
    }
    return new Outcome.Enter(new JoinRequest(id, mode, asker.door(), asker.who(), asker.size()));
  }

  private Outcome say(String text, Asker asker) {
    engine.broadcast("%s: %s".formatted(asker.name(), text));
    return well("");
  }

  private Outcome end(String id, Asker asker) {
    return engine.end(id, asker.who(), "ended by " + asker.name())
        ? well(id + " is hung up\n")
        : wrong("there is no session '%s': 'lifeline sessions' shows who is in\n".formatted(id));
  }
}
