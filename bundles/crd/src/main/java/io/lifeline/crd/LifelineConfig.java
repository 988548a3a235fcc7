package io.lifeline.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all agents of a cluster have in common: their version. There is one, {@link #NAME}.
 *
 * <p>The operator rolls a changed version over the nodes, some at a time, and stops at the first
 * that cannot take it; {@code kubectl get lifelineconfig} shows how far it is.
 */
@Group(NodeDebug.GROUP)
@Version(NodeDebug.VERSION)
@Plural("lifelineconfigs")
@ShortNames("llc")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".spec.agentVersion")
@AdditionalPrinterColumn(
    name = "Nodes",
    jsonPath = ".status.nodes",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Updated",
    jsonPath = ".status.updated",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Failed",
    jsonPath = ".status.failed",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public final class LifelineConfig extends CustomResource<LifelineConfigSpec, LifelineConfigStatus> {

  private static final long serialVersionUID = 1L;

  /** The name of the one that counts. */
  public static final String NAME = "lifeline";

  /** The annotation of a Node by which the operator asks its agent for a version. */
  public static final String AGENT_VERSION = "lifeline.io/agent-version";

  /** The annotation beside it: the SHA-256 of that release's SHA256SUMS. */
  public static final String AGENT_RELEASE = "lifeline.io/agent-release";

  /** The annotation by which the agent of a Node tells what runs. */
  public static final String AGENT_RUNNING = "lifeline.io/agent-running";

  /** The annotation by which the agent tells why it did not upgrade; it then does not try again. */
  public static final String AGENT_UPGRADE_FAILED = "lifeline.io/agent-upgrade-failed";

  // CustomResource makes these by Class.forName, which cannot see this bundle.
  @Override
  protected LifelineConfigSpec initSpec() {
    return new LifelineConfigSpec(null, null);
  }

  // None: what the API server does not have must not seem to be there when a patch is made.
  @Override
  protected @Nullable LifelineConfigStatus initStatus() {
    return null;
  }

  /** The version that the agents should have; empty when they stay as they are. */
  public Optional<String> agentVersion() {
    return Optional.ofNullable(spec)
        .map(LifelineConfigSpec::agentVersion)
        .filter(version -> !version.isEmpty());
  }

  /** How many nodes may be at it at the same time. */
  public int maxUnavailable() {
    Integer given = spec == null ? null : spec.maxUnavailable();
    return given == null ? 1 : Math.max(1, given);
  }

  /** Its status; an empty one when the operator has not written any yet. */
  public LifelineConfigStatus story() {
    return status == null ? LifelineConfigStatus.NONE : status;
  }

  /** The generation of its spec. */
  public long generation() {
    return Optional.ofNullable(getMetadata().getGeneration()).orElse(0L);
  }
}
