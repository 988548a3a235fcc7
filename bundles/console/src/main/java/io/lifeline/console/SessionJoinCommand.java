package io.lifeline.console;

import io.lifeline.session.api.JoinRequest.Mode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code session:join}: a second window on a session. */
@Service
@Command(
    scope = "session",
    name = "join",
    description =
        "A second window on a session, the smallest of them rules; Ctrl-] leaves it."
            + " Example: session:join amber-7")
public final class SessionJoinCommand extends Entering {

  @Override
  Mode mode() {
    return Mode.JOIN;
  }
}
