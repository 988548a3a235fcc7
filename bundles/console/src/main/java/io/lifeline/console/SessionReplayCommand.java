package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.jspecify.annotations.Nullable;

/** {@code session:replay}: a recorded session once more. */
@Service
@Command(
    scope = "session",
    name = "replay",
    description =
        "Plays a recorded session as it was, pauses of at most two seconds; Ctrl-C ends it."
            + " Example: session:replay --speed 4 amber-7")
public final class SessionReplayCommand implements Action {

  private static final long LONGEST_PAUSE_MILLIS = 2000;

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Reference Session shell;

  @Option(name = "--speed", description = "how many times as quick; 0: without pauses")
  int speed = 1;

  @Argument(name = "id", description = "the session's id", required = true)
  @Completion(RecordingCompleter.class)
  String id = "";

  @Override
  public @Nullable Object execute() throws Exception {
    if (speed < 0) {
      throw new IllegalArgumentException("--speed %d: it must be 0 or more".formatted(speed));
    }
    PrintStream out = shell.getConsole();
    Duration[] before = {Duration.ZERO};
    boolean there =
        engine()
            .replay(
                id,
                (at, bytes) -> {
                  if (speed > 0) {
                    Thread.sleep(
                        Math.min(LONGEST_PAUSE_MILLIS, at.minus(before[0]).toMillis() / speed));
                  }
                  before[0] = at;
                  byte[] copy = new byte[bytes.remaining()];
                  bytes.get(copy);
                  out.write(copy, 0, copy.length);
                  out.flush();
                });
    if (!there) {
      throw new IllegalArgumentException(
          "there is no recording of '%s': Tab shows those that are kept".formatted(id));
    }
    return null;
  }

  private SessionEngine engine() {
    return Wanted.of(engine, SessionEngine.class);
  }
}
