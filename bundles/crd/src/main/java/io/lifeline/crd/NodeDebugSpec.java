package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for.
 *
 * @param workerName the Node that may break
 * @param bootstrapKubeConfig where its bootstrap kubeconfig comes from; null means that the
 *     operator mints one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeDebugSpec(
    @Required
        @Pattern(NodeDebugSpec.DNS_1123)
        @Size(min = 1, max = NodeDebugSpec.WORKER_NAME_MAX)
        @JsonPropertyDescription(
            "The name of the worker Node, as 'kubectl get nodes' shows it: lower-case letters,"
                + " digits, '-' and '.', at most 247 characters. It cannot be changed later.")
        String workerName,
    @JsonPropertyDescription(
            "The kubeconfig with which the worker's agent may request the backup node's"
                + " certificate: inline or by secretRef. When it is left out, the operator mints a"
                + " short-lived one that is good for this worker only.")
        @Nullable BootstrapKubeConfig bootstrapKubeConfig) {

  /** The names that a Node can have. */
  public static final String DNS_1123 =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  /** A Node's name has at most 253 characters, and the backup node's name is "-debug" longer. */
  public static final int WORKER_NAME_MAX = 247;

  /** The given kubeconfig; empty means that the operator mints one. */
  public Optional<BootstrapKubeConfig> given() {
    return Optional.ofNullable(bootstrapKubeConfig)
        .filter(b -> b.inline() != null || b.secretRef() != null);
  }
}
