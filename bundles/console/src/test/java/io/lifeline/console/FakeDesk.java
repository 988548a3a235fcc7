package io.lifeline.console;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugDesk;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.crd.NodeDebugStatus;
import io.lifeline.crd.Phase;
import java.util.ArrayList;
import java.util.List;

/** Two NodeDebugs, one of which waits for a person. */
final class FakeDesk implements NodeDebugDesk {

  final List<String> approved = new ArrayList<>();

  @Override
  public List<NodeDebug> list() {
    NodeDebug waiting = named("w2");
    waiting.setStatus(
        new NodeDebugStatus(
            Phase.AwaitingApproval,
            1L,
            "csr-1",
            "kubectl certificate approve csr-1",
            null,
            null,
            null,
            null,
            null,
            null));
    return List.of(waiting, named("w3"));
  }

  private static NodeDebug named(String name) {
    NodeDebug made = new NodeDebug();
    made.setMetadata(new ObjectMetaBuilder().withName(name).build());
    made.setSpec(new NodeDebugSpec(name, null));
    return made;
  }

  @Override
  public String approve(String name, String person) {
    approved.add(name + " by " + person);
    return "csr-1";
  }
}
