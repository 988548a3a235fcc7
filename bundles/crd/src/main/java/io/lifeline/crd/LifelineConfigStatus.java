package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a rollout is, as the operator sees it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LifelineConfigStatus(
    @JsonPropertyDescription("The generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The SHA-256 of the SHA256SUMS of the release that is rolled out.")
        @Nullable String release,
    @JsonPropertyDescription("The nodes that should have the version: Ready, with an agent.")
        @Nullable Integer nodes,
    @JsonPropertyDescription("Those of them that have it.") @Nullable Integer updated,
    @JsonPropertyDescription("Those of them that were asked and could not.")
        @Nullable Integer failed,
    @JsonPropertyDescription(
            "The nodes that are left out: not Ready, or without an agent. They are asked when they"
                + " come back.")
        @Nullable Integer skipped,
    @JsonPropertyDescription("The nodes that are being upgraded, or that failed; at most ten.")
        @Nullable List<String> current,
    @JsonPropertyDescription("What it is doing, or why it stopped and what to do now.")
        @Nullable String message,
    @JsonPropertyDescription("The versions that the operator has.")
        @Nullable List<String> available,
    @JsonPropertyDescription("What is true of it, with reason and message.")
        @Nullable List<Condition> conditions) {

  /** Nothing has been said yet. */
  public static final LifelineConfigStatus NONE =
      new LifelineConfigStatus(null, null, null, null, null, null, null, null, null, null);

  /** The types of condition; their names are as they appear in the API. */
  public enum Type {
    /** The operator has the release. */
    ReleaseAvailable,
    /** Every node that should have the version has it. */
    Updated
  }

  public LifelineConfigStatus {
    current = current == null ? null : List.copyOf(current);
    available = available == null ? null : List.copyOf(available);
    conditions = conditions == null ? null : List.copyOf(conditions);
  }

  /** The condition of a type. */
  public Optional<Condition> condition(Type type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(c -> c.type().equals(type.name())).findFirst();
  }
}
