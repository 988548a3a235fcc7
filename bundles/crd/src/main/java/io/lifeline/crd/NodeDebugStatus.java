package io.lifeline.crd;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of it, as the operator sees it. Absent fields are null in JSON and empty texts in
 * {@link #NONE}'s sense.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeDebugStatus(
    @JsonPropertyDescription("Where the rescue is.") @Nullable Phase phase,
    @JsonPropertyDescription("The generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("The CertificateSigningRequest of the backup node.")
        @Nullable String csrName,
    @JsonPropertyDescription(
            "While a person has to approve: the command that does it, after a look at the request.")
        @Nullable String approveCommand,
    @JsonPropertyDescription("The backup Node, while there is one.") @Nullable String backupNode,
    @JsonPropertyDescription("When the backup node's certificate ends (RFC 3339, UTC).")
        @Nullable String certificateEnds,
    @JsonPropertyDescription(
            "The fingerprint of the key that the worker's SSH front end shows, where it has one.")
        @Nullable String sshHostKey,
    @JsonPropertyDescription("The running debug pod, as namespace/name.") @Nullable String debugPod,
    @JsonPropertyDescription("The open sessions, as the agent counts them.")
        @Nullable String sessions,
    @JsonPropertyDescription("What is true of it, with reason and message.")
        @Nullable List<Condition> conditions) {

  /** Nothing has been said yet. */
  public static final NodeDebugStatus NONE =
      new NodeDebugStatus(null, null, null, null, null, null, null, null, null, null);

  public NodeDebugStatus {
    conditions = conditions == null ? null : List.copyOf(conditions);
  }

  /** The condition of a type. */
  public Optional<Condition> condition(Condition.Type type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(c -> c.type().equals(type.name())).findFirst();
  }

  /** Whether the operator has taken it on; a second one for the same worker is not. */
  public boolean accepted() {
    return condition(Condition.Type.Accepted).filter(Condition::isTrue).isPresent();
  }
}
