package io.lifeline.console;

import io.lifeline.session.api.Door;
import io.lifeline.session.api.JoinRequest;
import io.lifeline.session.api.JoinRequest.Mode;
import io.lifeline.session.api.Session;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.TerminalSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** Gives the console's terminal to a session, until that ends or is left. */
abstract class Entering implements Action {

  private static final long LOOK_MILLIS = 200;
  private static final int NOTHING_YET = -2;

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Reference org.apache.karaf.shell.api.console.Session shell;

  @Argument(
      name = "id",
      description = "the session's id, as session:list shows it",
      required = true)
  @Completion(SessionCompleter.class)
  String id = "";

  abstract Mode mode();

  @Override
  public final @Nullable Object execute() throws Exception {
    if (!(shell.get(".jline.terminal") instanceof Terminal terminal)) {
      throw new IllegalStateException("this console has no terminal: session:list works without");
    }
    ConsoleStreams streams = new ConsoleStreams(terminal.output());
    Attributes before = terminal.enterRawMode();
    try {
      Attributes raw = terminal.getAttributes();
      // Ctrl-C is for the session, too.
      raw.setLocalFlag(LocalFlag.ISIG, false);
      terminal.setAttributes(raw);
      Session session =
          engine()
              .join(
                  new JoinRequest(id, mode(), Door.CONSOLE, Person.at(shell), size(terminal)),
                  streams);
      carry(terminal, session, streams);
    } finally {
      terminal.setAttributes(before);
    }
    return null;
  }

  private static Optional<TerminalSize> size(Terminal terminal) {
    Size size = terminal.getSize();
    return size.getColumns() > 0 && size.getRows() > 0
        ? Optional.of(new TerminalSize(size.getColumns(), size.getRows()))
        : Optional.empty();
  }

  private static void carry(Terminal terminal, Session session, ConsoleStreams streams)
      throws IOException, InterruptedException {
    Optional<TerminalSize> known = size(terminal);
    try {
      while (!streams.isOver()) {
        int key = terminal.reader().read(LOOK_MILLIS);
        if (key == NOTHING_YET) {
          Optional<TerminalSize> now = size(terminal);
          if (!now.equals(known)) {
            known = now;
            now.ifPresent(session::resize);
          }
        } else if (key < 0) {
          return;
        } else {
          type(session, streams, new String(Character.toChars(key)));
        }
      }
    } finally {
      session.close();
    }
  }

  private static void type(Session session, ConsoleStreams streams, String keys)
      throws InterruptedException {
    ByteBuffer bytes = ByteBuffer.wrap(keys.getBytes(StandardCharsets.UTF_8));
    while (!session.stdin(bytes) && !streams.isOver()) {
      streams.awaitWanted(LOOK_MILLIS);
    }
  }

  SessionEngine engine() {
    return Wanted.of(engine, SessionEngine.class);
  }
}
