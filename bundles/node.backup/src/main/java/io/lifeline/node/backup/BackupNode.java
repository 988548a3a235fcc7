package io.lifeline.node.backup;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.Worker;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backup Node's objects in the cluster, through one client. One thread at a time. */
final class BackupNode {

  private static final Logger LOG = LoggerFactory.getLogger(BackupNode.class);
  private static final PatchContext STRATEGIC = PatchContext.of(PatchType.STRATEGIC_MERGE);
  private static final String LEASES = "kube-node-lease";

  private final Worker worker;
  private final BackupSettings settings;
  private final KubernetesClient client;
  private final InstantSource time;
  private final NodeText text;
  private final String version;
  private final boolean webSockets;
  private Instant renewed = Instant.EPOCH;
  private Instant ends = Instant.EPOCH;
  private Optional<String> sshHostKey = Optional.empty();

  BackupNode(Worker worker, BackupSettings settings, KubernetesClient client, InstantSource time) {
    this.time = time;
    this.worker = worker;
    this.settings = settings;
    this.client = client;
    this.text = new NodeText(worker, time);
    var server = client.getKubernetesVersion();
    this.version = server.getGitVersion() + "-lifeline";
    this.webSockets = minor(server.getMinor()) >= 36;
  }

  /** Some clouds say {@code 36+}. */
  private static int minor(String text) {
    String digits = text.replaceAll("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /**
   * Creates the Node, or takes it up again when an earlier life created it.
   *
   * @param ends when its certificate ends, by the API server's clock
   * @param sshHostKey the fingerprint of the SSH front end's key, where there is one
   */
  void register(String sessions, Instant ends, Optional<String> sshHostKey) {
    this.ends = ends;
    this.sshHostKey = sshHostKey;
    try {
      client.resource(text.created()).create();
      LOG.info("the backup node {} is registered", worker.backupName());
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      LOG.info("the backup node {} is there already: taken up again", worker.backupName());
    }
    serve(sessions);
    renewLease();
  }

  /** Says that it is Ready. */
  void serve(String sessions) {
    patch(text.serving(version, webSockets, sessions, ends, sshHostKey));
  }

  void sessions(String sessions) {
    patch(text.sessions(sessions));
  }

  void ended(RescueEnd end) {
    patch(text.ended(end));
  }

  /** The Node as it is; null when it has gone. */
  @Nullable Node seen() {
    return client.nodes().withName(worker.backupName()).get();
  }

  private void patch(NodeStatus status) {
    // By hand: a node identity may PATCH its status and not GET it, which the client's own
    // patchStatus does first.
    String body = client.getKubernetesSerialization().asJson(Map.of("status", status));
    client.nodes().withName(worker.backupName()).subresource("status").patch(STRATEGIC, body);
  }

  void renewLease() {
    // The control plane takes no notice of a Lease that was renewed earlier than it has seen.
    Instant now = time.instant();
    renewed = now.isAfter(renewed) ? now : renewed.plusMillis(1);
    var lease = client.leases().inNamespace(LEASES).withName(worker.backupName());
    Lease wanted =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(worker.backupName())
            .withNamespace(LEASES)
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(worker.backupName())
            .withLeaseDurationSeconds((int) settings.leaseDuration().toSeconds())
            .withRenewTime(renewed.atZone(ZoneOffset.UTC))
            .endSpec()
            .build();
    try {
      lease.patch(
          PatchContext.of(PatchType.JSON_MERGE),
          client.getKubernetesSerialization().asJson(Map.of("spec", wanted.getSpec())));
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404) {
        throw e;
      }
      client.resource(wanted).create();
    }
  }
}
