package io.lifeline.console;

import io.lifeline.session.api.JoinRequest.Mode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code session:watch}: what happens in a session. */
@Service
@Command(
    scope = "session",
    name = "watch",
    description =
        "Shows what happens in a session; keys go nowhere, Ctrl-] leaves it."
            + " Example: session:watch amber-7")
public final class SessionWatchCommand extends Entering {

  @Override
  Mode mode() {
    return Mode.WATCH;
  }
}
