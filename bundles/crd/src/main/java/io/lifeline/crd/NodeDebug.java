package io.lifeline.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cluster-scoped wish: if this worker becomes NotReady, let its agent bring a backup node up.
 *
 * <p>{@code kubectl get nd} is enough to work by: it shows the phase and, while a person has to
 * approve, the very command.
 */
@Group(NodeDebug.GROUP)
@Version(NodeDebug.VERSION)
@Plural("nodedebugs")
@ShortNames("nd")
@AdditionalPrinterColumn(name = "Worker", jsonPath = ".spec.workerName")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Approve", jsonPath = ".status.approveCommand")
@AdditionalPrinterColumn(name = "Backup Node", jsonPath = ".status.backupNode")
@AdditionalPrinterColumn(name = "Certificate ends", jsonPath = ".status.certificateEnds")
@AdditionalPrinterColumn(name = "Sessions", jsonPath = ".status.sessions")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class NodeDebug extends CustomResource<NodeDebugSpec, NodeDebugStatus> {

  private static final long serialVersionUID = 1L;

  /** The API group. */
  public static final String GROUP = "lifeline.io";

  /** The API version. */
  public static final String VERSION = "v1alpha1";

  /** Keeps a NodeDebug until the operator has removed everything that came with it. */
  public static final String FINALIZER = "lifeline.io/cleanup";

  /** The annotation that keeps the worker a NodeDebug was taken on for. */
  public static final String WORKER = "lifeline.io/worker";

  /** The label of a backup Node; its value is the worker's name where a label can hold it. */
  public static final String BACKUP_OF = "lifeline.io/backup-of";

  /** The annotation by which the operator asks the agent of a backup Node to end: {@code true}. */
  public static final String WITHDRAW = "lifeline.io/withdraw";

  /** The Node condition whose message counts the open sessions. */
  public static final String SESSIONS = "lifeline.io/DebugSessions";

  /** The Node condition whose message is the fingerprint of the SSH front end's key. */
  public static final String SSH_HOST_KEY = "lifeline.io/SshHostKey";

  /** The Node condition whose message is when the agent's certificate ends, as RFC 3339. */
  public static final String CERTIFICATE_ENDS = "lifeline.io/CertificateEnds";

  /**
   * The order in which NodeDebugs of one worker come first: by creation, then by name. The first
   * has the worker, the others wait.
   */
  public static final Comparator<NodeDebug> FIRST =
      Comparator.<NodeDebug, String>comparing(
              nd -> Optional.ofNullable(nd.getMetadata().getCreationTimestamp()).orElse(""))
          .thenComparing(nd -> nd.getMetadata().getName());

  /** The backup Node of a worker. */
  public static String backupNode(String worker) {
    return worker + "-debug";
  }

  /** The worker of a backup Node; empty for a name that is none of a backup Node. */
  public static Optional<String> worker(String backupNode) {
    String suffix = backupNode("");
    return backupNode.endsWith(suffix) && backupNode.length() > suffix.length()
        ? Optional.of(backupNode.substring(0, backupNode.length() - suffix.length()))
        : Optional.empty();
  }

  // CustomResource makes these by Class.forName, which cannot see this bundle.
  @Override
  protected NodeDebugSpec initSpec() {
    return new NodeDebugSpec("", null);
  }

  // None: what the API server does not have must not seem to be there when a patch is made.
  @Override
  protected @Nullable NodeDebugStatus initStatus() {
    return null;
  }

  /**
   * The worker it is for; blank when there is none. The one it was first taken on for, although an
   * API server without admission policies lets {@code spec.workerName} be changed.
   */
  public String worker() {
    String named = spec == null || spec.workerName() == null ? "" : spec.workerName();
    return Optional.ofNullable(getMetadata())
        .map(ObjectMeta::getAnnotations)
        .map(annotations -> annotations.get(WORKER))
        .orElse(named);
  }

  /** Whether somebody has asked for its deletion. */
  public boolean deleting() {
    return getMetadata().getDeletionTimestamp() != null;
  }

  /** Its status; an empty one when the operator has not written any yet. */
  public NodeDebugStatus story() {
    return status == null ? NodeDebugStatus.NONE : status;
  }
}
