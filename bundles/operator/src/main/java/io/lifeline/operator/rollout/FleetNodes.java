package io.lifeline.operator.rollout;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lifeline.crd.LifelineConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cluster's Nodes, for what concerns their agents. Each call asks the API server. */
final class FleetNodes {

  /** A Node has some ten kilobytes, and a cluster may have thousands. */
  private static final long PAGE = 100;

  private final KubernetesClient client;

  FleetNodes(KubernetesClient client) {
    this.client = client;
  }

  List<AgentNode> all() {
    List<AgentNode> all = new ArrayList<>();
    String next = null;
    do {
      ListOptions options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      NodeList page = client.nodes().list(options);
      page.getItems().forEach(node -> AgentNode.of(node).ifPresent(all::add));
      next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return all;
  }

  /** Asks a node's agent, and takes back what it said about an earlier time. */
  void ask(String node, Rollout.Wish wish) {
    annotate(node, Optional.of(wish.version()), Optional.of(wish.pin()));
  }

  /** Takes the request back. */
  void withdraw(String node) {
    annotate(node, Optional.empty(), Optional.empty());
  }

  // The version and the pin were checked: neither has a character that JSON would want escaped.
  private void annotate(String node, Optional<String> version, Optional<String> pin) {
    String patch =
        "{\"metadata\":{\"annotations\":{\"%s\":%s,\"%s\":%s,\"%s\":null}}}"
            .formatted(
                LifelineConfig.AGENT_VERSION,
                text(version),
                LifelineConfig.AGENT_RELEASE,
                text(pin),
                LifelineConfig.AGENT_UPGRADE_FAILED);
    client.nodes().withName(node).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private static String text(Optional<String> value) {
    return value.map(text -> '"' + text + '"').orElse("null");
  }
}
