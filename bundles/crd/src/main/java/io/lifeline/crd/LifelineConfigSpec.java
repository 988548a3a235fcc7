package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for.
 *
 * @param agentVersion the version of every agent; null leaves them as they are
 * @param maxUnavailable how many nodes may be upgraded at the same time; null means 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LifelineConfigSpec(
    @Pattern(LifelineConfigSpec.VERSION)
        @Size(min = 5, max = 63)
        @JsonPropertyDescription(
            "The version that the agent of every node is upgraded to, bundle by bundle, while it"
                + " runs. It must be one that the operator has: status.available names them. Left"
                + " out, the agents stay as they are.")
        @Nullable String agentVersion,
    @Min(1)
        @Max(1000)
        @Default("1")
        @JsonPropertyDescription(
            "How many nodes may be upgraded at the same time. The first failure stops it for all.")
        @Nullable Integer maxUnavailable) {

  /** What a version is. */
  public static final String VERSION = "^[0-9]+\\.[0-9]+\\.[0-9]+(\\.[0-9A-Za-z_-]+)?$";
}
