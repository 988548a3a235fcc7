package io.lifeline.console;

import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugDesk;
import io.lifeline.crd.NodeDebugStatus;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** {@code nodedebug:list}: the wished rescues, on the operator. */
@Service
@Command(
    scope = "nodedebug",
    name = "list",
    description = "The NodeDebugs and where they are. Example: nodedebug:list -o json")
public final class NodedebugListCommand extends Shown {

  @Reference(optional = true)
  @Nullable NodeDebugDesk desk;

  @Override
  void show(PrintStream out) {
    Table table = new Table("NAME", "WORKER", "PHASE", "SESSIONS", "REQUEST");
    for (NodeDebug each : desk().list()) {
      NodeDebugStatus story = each.story();
      table.row(
          each.getMetadata().getName(),
          each.getSpec().workerName(),
          Objects.toString(story.phase(), "-"),
          text(story.sessions()),
          story.approveCommand() == null
              ? text(story.csrName())
              : text(story.csrName()) + " waits");
    }
    table.print(out);
  }

  private static String text(@Nullable String value) {
    return value == null ? "-" : value;
  }

  @Override
  Object json() {
    return desk().list().stream().map(NodedebugListCommand::json).toList();
  }

  private static Map<String, Object> json(NodeDebug each) {
    NodeDebugStatus story = each.story();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", each.getMetadata().getName());
    fields.put("worker", each.getSpec().workerName());
    fields.put("phase", Objects.toString(story.phase(), ""));
    fields.put("request", Objects.toString(story.csrName(), ""));
    fields.put("waits", story.approveCommand() != null);
    fields.put("backupNode", Objects.toString(story.backupNode(), ""));
    fields.put("certificateEnds", Objects.toString(story.certificateEnds(), ""));
    fields.put("sshHostKey", Objects.toString(story.sshHostKey(), ""));
    fields.put("debugPod", Objects.toString(story.debugPod(), ""));
    fields.put("sessions", Objects.toString(story.sessions(), ""));
    return fields;
  }

  private NodeDebugDesk desk() {
    return Wanted.of(desk, NodeDebugDesk.class);
  }
}
