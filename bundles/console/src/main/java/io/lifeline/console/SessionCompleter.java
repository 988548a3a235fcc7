package io.lifeline.console;

import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;

/** The ids of the live sessions. */
@Service
public final class SessionCompleter implements Completer {

  @Reference(optional = true)
  @Nullable SessionEngine engine;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    SessionEngine there = engine;
    if (there == null) {
      return -1;
    }
    return new StringsCompleter(there.sessions().stream().map(SessionInfo::id).toList())
        .complete(session, line, candidates);
  }
}
