package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is true, false or unknown, and why.
 *
 * @param type a {@link Type}'s name
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one CamelCase word for programs
 * @param message a sentence for people: what it is, and what to do now
 * @param lastTransitionTime when the status last changed, RFC 3339
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    @Required String type,
    @Required String status,
    @Required String reason,
    @Required String message,
    @Nullable String lastTransitionTime) {

  /** The types of condition a NodeDebug has; their names are as they appear in the API. */
  public enum Type {
    /** The operator has taken it on. */
    Accepted,
    /** The proxy has the worker's bootstrap kubeconfig. */
    BootstrapKubeConfig,
    /** A debug proxy is there to hand it out. */
    ProxyAvailable,
    /** A person has approved the backup node's certificate. */
    Approved,
    /** The backup Node is Ready. */
    BackupNodeReady,
    /** A debug pod runs on it. */
    DebugPodRunning
  }

  @JsonIgnore
  public boolean isTrue() {
    return status.equals("True");
  }
}
