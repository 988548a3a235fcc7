package io.lifeline.removal;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lifeline.crd.LifelineConfig;
import io.lifeline.crd.NodeDebug;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what the manifests do not name, in an order in which nobody makes it anew. Idempotent:
 * what is gone already is as good. One thread.
 */
final class Removal {

  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private static final String AGENTS = "lifeline-agent";
  private static final Map<String, String> AGENT =
      Map.of("app.kubernetes.io/name", "lifeline", "app.kubernetes.io/component", "agent");
  private static final String SIGNER = "lifeline.io/agent";
  private static final List<String> ANNOTATIONS =
      List.of(
          LifelineConfig.AGENT_VERSION,
          LifelineConfig.AGENT_RELEASE,
          LifelineConfig.AGENT_RUNNING,
          LifelineConfig.AGENT_UPGRADE_FAILED);

  /** A Node has some ten kilobytes, and a cluster may have thousands. */
  private static final long PAGE = 100;

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final RemovalSettings settings;

  Removal(KubernetesClient client, RemovalSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * All of it.
   *
   * @throws IllegalStateException when rescues do not end; then nothing else has been touched. And
   *     when somebody brings the agents back meanwhile
   */
  void run() throws InterruptedException {
    endRescues();
    deleteAll(LifelineConfig.class);
    undoOnNodes();
    deleteRequests();
    takeAnnotations();
  }

  /** The operator ends them, and takes its finalizer away: it must be there. */
  private void endRescues() throws InterruptedException {
    deleteAll(NodeDebug.class);
    if (!within(settings.rescuesLimit(), () -> names(NodeDebug.class).isEmpty())) {
      throw new IllegalStateException(
          "the operator has not ended %s within %s s; nothing was removed. Look at it: 'kubectl -n %s logs deployment/lifeline-operator'. If there is none any more, install Lifeline again, and then remove it."
              .formatted(
                  names(NodeDebug.class),
                  settings.rescuesLimit().toSeconds(),
                  settings.namespace()));
    }
  }

  private void undoOnNodes() throws InterruptedException {
    var agents = client.apps().daemonSets().inNamespace(settings.namespace()).withName(AGENTS);
    if (agents.get() == null) {
      LOG.warn("there is no DaemonSet {}: nothing is done on the nodes", AGENTS);
      return;
    }
    agents.edit(Undoing::of);
    BooleanSupplier done = () -> Undoing.everywhere(undoing(agents.get())) && Undoing.done(pods());
    if (within(settings.agentsLimit(), done)) {
      LOG.info("the agents have ended, and nothing of theirs is on their nodes");
      return;
    }
    LOG.warn(
        "not within {} s on {}: /run/lifeline stays there until the node is started anew, or until"
            + " 'umount -l /run/lifeline && rmdir /run/lifeline'",
        settings.agentsLimit().toSeconds(),
        Undoing.left(pods()));
  }

  /** Somebody who installs meanwhile wants the agents, and what comes after would disarm them. */
  private static DaemonSet undoing(DaemonSet agents) {
    if (agents == null || !Undoing.is(agents)) {
      throw new IllegalStateException(
          "the DaemonSet %s was %s meanwhile, so this ends. To remove Lifeline, begin again: 'container/remove.sh' or 'helm uninstall'."
              .formatted(AGENTS, agents == null ? "deleted" : "given its agents back"));
    }
    return agents;
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(settings.namespace()).withLabels(AGENT).list().getItems();
  }

  /** The enrolments, whose agents are gone. */
  private void deleteRequests() {
    var requests = client.certificates().v1().certificateSigningRequests();
    for (CertificateSigningRequest request : requests.list().getItems()) {
      if (SIGNER.equals(request.getSpec().getSignerName())) {
        requests.withName(request.getMetadata().getName()).delete();
      }
    }
  }

  /** What the operator asked the agents for, and what they answered. */
  private void takeAnnotations() {
    String next = null;
    do {
      ListOptions page = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      NodeList nodes = client.nodes().list(page);
      nodes.getItems().forEach(this::takeAnnotations);
      next = nodes.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
  }

  private void takeAnnotations(Node node) {
    Map<String, String> there = node.getMetadata().getAnnotations();
    String gone =
        ANNOTATIONS.stream()
            .filter(name -> there != null && there.containsKey(name))
            .map("\"%s\":null"::formatted)
            .collect(Collectors.joining(","));
    if (!gone.isEmpty()) {
      client
          .nodes()
          .withName(node.getMetadata().getName())
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"metadata\":{\"annotations\":{%s}}}".formatted(gone));
    }
  }

  /** The names of a kind's objects; none where the cluster does not know the kind any more. */
  private <T extends HasMetadata> List<String> names(Class<T> kind) {
    try {
      return client.resources(kind).list().getItems().stream()
          .map(each -> each.getMetadata().getName())
          .toList();
    } catch (KubernetesClientException e) {
      if (e.getCode() == NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  private <T extends HasMetadata> void deleteAll(Class<T> kind) {
    names(kind).forEach(name -> client.resources(kind).withName(name).delete());
  }

  private static boolean within(Duration limit, BooleanSupplier done) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      Thread.sleep(LOOK.toMillis());
    }
    return true;
  }
}
