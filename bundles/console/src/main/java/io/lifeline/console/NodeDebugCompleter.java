package io.lifeline.console;

import io.lifeline.crd.NodeDebugDesk;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.jspecify.annotations.Nullable;

/** The names of the NodeDebugs whose request waits. */
@Service
public final class NodeDebugCompleter implements Completer {

  @Reference(optional = true)
  @Nullable NodeDebugDesk desk;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    NodeDebugDesk there = desk;
    if (there == null) {
      return -1;
    }
    return new StringsCompleter(
            there.list().stream()
                .filter(each -> each.story().approveCommand() != null)
                .map(each -> each.getMetadata().getName())
                .toList())
        .complete(session, line, candidates);
  }
}
