package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A bootstrap kubeconfig that somebody gives: one of the two, not both.
 *
 * @param inline its text
 * @param secretRef where its text is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BootstrapKubeConfig(
    @Size(max = BootstrapKubeConfig.INLINE_MAX)
        @JsonPropertyDescription(
            "The kubeconfig's text. Whoever may read NodeDebugs can read it: prefer secretRef.")
        @Nullable String inline,
    @JsonPropertyDescription(
            "The Secret that holds the kubeconfig. The operator can read the Secrets of its own"
                + " namespace; for another one give it a Role there.")
        @Nullable SecretKeyRef secretRef) {

  /** More than any kubeconfig with its certificates needs. */
  public static final int INLINE_MAX = 65_536;

  @Override
  public String toString() {
    return "BootstrapKubeConfig[" + (secretRef == null ? "inline" : secretRef.toString()) + "]";
  }
}
