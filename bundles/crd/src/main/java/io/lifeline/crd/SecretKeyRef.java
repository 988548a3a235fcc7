package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a Secret. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretKeyRef(
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("The Secret's namespace.")
        String namespace,
    @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The Secret's name.") String name,
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("The key whose value is the kubeconfig.")
        String key) {}
