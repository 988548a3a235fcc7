package io.lifeline.operator.rescue;

import static io.lifeline.crd.Condition.Type.Accepted;
import static io.lifeline.crd.Condition.Type.Approved;
import static io.lifeline.crd.Condition.Type.BackupNodeReady;
import static io.lifeline.crd.Condition.Type.BootstrapKubeConfig;
import static io.lifeline.crd.Condition.Type.DebugPodRunning;
import static io.lifeline.crd.Condition.Type.ProxyAvailable;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugStatus;
import io.lifeline.crd.Phase;
import io.lifeline.operator.bootstrap.BootstrapOutcome;
import io.lifeline.operator.claim.Standing;
import io.lifeline.operator.csr.Request;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;

/** Writes a NodeDebug's status from the facts. Pure but for the clock. */
public final class Story {

  private final Clock clock;

  public Story(Clock clock) {
    this.clock = clock;
  }

  /**
   * A status and the sentence that goes with its phase.
   *
   * @param sentence for the Event and the log when the phase is new
   */
  public record Chapter(NodeDebugStatus status, Phase phase, String sentence) {}

  /** Of a NodeDebug that does nothing. */
  public Chapter refused(NodeDebug nd, Standing.Refused why) {
    Conditions conditions = new Conditions(nd.story(), clock.instant());
    conditions.add(Accepted, "False", why.reason(), why.message());
    NodeDebugStatus status =
        new NodeDebugStatus(
            Phase.Refused,
            nd.getMetadata().getGeneration(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            conditions.list());
    return new Chapter(status, Phase.Refused, why.message());
  }

  /** Of one that has its worker. */
  public Chapter of(Facts facts) {
    NodeDebug nd = facts.claim().nodeDebug();
    NodeDebugStatus before = nd.story();
    Phase phase = phase(facts);
    Conditions conditions = new Conditions(before, clock.instant());
    accepted(facts, conditions);
    bootstrap(facts, conditions);
    conditions.add(
        ProxyAvailable, facts.proxy().status(), facts.proxy().reason(), facts.proxy().message());
    approved(facts, conditions);
    backupNode(facts, conditions);
    Optional<Pod> debugPod = debugPod(facts);
    conditions.add(
        DebugPodRunning,
        debugPod.isPresent() ? "True" : "False",
        debugPod.isPresent() ? "Running" : "NoPod",
        debugPod.map(pod -> "Use it with: " + exec(pod)).orElse("No pod runs on the backup node."));
    NodeDebugStatus status =
        new NodeDebugStatus(
            phase,
            nd.getMetadata().getGeneration(),
            facts.request().map(Request::name).or(() -> kept(facts, before.csrName())).orElse(null),
            facts.request().filter(Story::pending).map(Story::approveCommand).orElse(null),
            facts.backup().map(node -> node.getMetadata().getName()).orElse(null),
            ends(facts).map(Instant::toString).orElse(null),
            told(facts, NodeDebug.SSH_HOST_KEY).orElse(null),
            debugPod.map(Story::qualified).orElse(null),
            told(facts, NodeDebug.SESSIONS).orElse(null),
            conditions.list());
    return new Chapter(status, phase, sentence(facts, phase));
  }

  private Phase phase(Facts facts) {
    if (facts.ending().isPresent()) {
      return Phase.Ending;
    }
    if (facts.backup().filter(node -> Readiness.of(node).isTrue()).isPresent()) {
      return debugPod(facts).isPresent() ? Phase.DebugPodRunning : Phase.BackupNodeReady;
    }
    boolean workerReady = facts.worker().filter(n -> Readiness.of(n).isTrue()).isPresent();
    if (!workerReady && facts.request().filter(Story::pending).isPresent()) {
      return Phase.AwaitingApproval;
    }
    if (facts.backup().isPresent()
        || (!workerReady && facts.request().filter(this::good).isPresent())) {
      return Phase.Approved;
    }
    return workerReady ? Phase.Watching : Phase.WaitingForAgent;
  }

  private String sentence(Facts facts, Phase phase) {
    String worker = facts.claim().worker();
    String backup = facts.claim().backupNode();
    return switch (phase) {
      case Refused -> "It does nothing.";
      case Watching -> "%s is Ready: there is nothing to do.".formatted(worker);
      case WaitingForAgent ->
          facts.worker().isEmpty()
              ? "There is no Node %s: check spec.workerName with 'kubectl get nodes'."
                  .formatted(worker)
              : "%s is not Ready; waiting for its agent to request a certificate.%s"
                  .formatted(
                      worker,
                      facts
                          .request()
                          .filter(r -> r.state() == Request.State.DENIED)
                          .map(r -> " The request %s was denied.".formatted(r.name()))
                          .orElse(""));
      case AwaitingApproval ->
          "The agent of %s asks for the certificate of %s. To let it in: %s"
              .formatted(
                  worker, backup, facts.request().map(Story::approveCommand).orElse("approve it"));
      case Approved -> "Approved; the backup node %s is coming up.".formatted(backup);
      case BackupNodeReady ->
          "The backup node %s is Ready: create the debug pod on it.".formatted(backup);
      case DebugPodRunning ->
          "The debug pod runs: %s"
              .formatted(debugPod(facts).map(Story::exec).orElse("kubectl exec"));
      case Ending -> "The rescue ends. %s".formatted(facts.ending().orElse(""));
    };
  }

  private static void accepted(Facts facts, Conditions conditions) {
    NodeDebug nd = facts.claim().nodeDebug();
    String worker = facts.claim().worker();
    if (facts.claim().standing() instanceof Standing.Deleting) {
      conditions.add(Accepted, "False", "Deleting", "It is being deleted.");
    } else if (nd.getSpec().workerName().equals(worker)) {
      conditions.add(Accepted, "True", "Accepted", "It has the worker %s.".formatted(worker));
    } else {
      conditions.add(
          Accepted,
          "True",
          "WorkerNameChanged",
          "spec.workerName cannot be changed and this NodeDebug goes on for %s. To debug %s, set it back and create another NodeDebug."
              .formatted(worker, nd.getSpec().workerName()));
    }
  }

  private static void bootstrap(Facts facts, Conditions conditions) {
    if (facts.bootstrap() instanceof BootstrapOutcome.Kept kept) {
      conditions.add(BootstrapKubeConfig, "True", "Kept", kept.message());
    } else if (facts.bootstrap() instanceof BootstrapOutcome.Missing missing) {
      conditions.add(BootstrapKubeConfig, "False", missing.reason(), missing.message());
    }
  }

  private void approved(Facts facts, Conditions conditions) {
    if (facts.request().isEmpty()) {
      boolean served = facts.backup().isPresent();
      conditions.add(
          Approved,
          served ? "True" : "False",
          served ? "Approved" : "NoRequest",
          served ? "A person approved it." : "The agent has not requested a certificate.");
      return;
    }
    Request request = facts.request().get();
    switch (request.state()) {
      case PENDING ->
          conditions.add(
              Approved,
              "False",
              "AwaitingApproval",
              "To proceed, you can either approve it with '%s' or deny it with 'kubectl certificate deny %s'."
                  .formatted(approveCommand(request), request.name()));
      case APPROVED ->
          conditions.add(
              Approved, "True", "Approved", "%s was approved.".formatted(request.name()));
      case DENIED, FAILED ->
          conditions.add(
              Approved,
              "False",
              request.state() == Request.State.DENIED ? "Denied" : "Failed",
              "%s: %s".formatted(request.name(), request.message()));
    }
  }

  private static void backupNode(Facts facts, Conditions conditions) {
    if (facts.backup().isEmpty()) {
      conditions.add(BackupNodeReady, "False", "NoNode", "There is no backup node.");
      return;
    }
    Readiness ready = Readiness.of(facts.backup().get());
    conditions.add(
        BackupNodeReady,
        ready.status(),
        ready.reason().isEmpty() ? "Unknown" : ready.reason(),
        ready.message().isEmpty() ? "It has not said anything yet." : ready.message());
  }

  private static boolean pending(Request request) {
    return request.state() == Request.State.PENDING;
  }

  private boolean good(Request request) {
    Predicate<Instant> future = end -> end.isAfter(clock.instant());
    return request.state() == Request.State.APPROVED
        && request
            .certificate()
            .map(certificate -> certificate.getNotAfter().toInstant())
            .map(future::test)
            .orElse(true);
  }

  static String approveCommand(Request request) {
    return "kubectl certificate approve " + request.name();
  }

  /**
   * When the certificate that the backup node has, or is to have, ends: what its agent tells, for
   * its configured life may be shorter than what the signer gave (signers before 1.22 give a year).
   */
  static Optional<Instant> ends(Facts facts) {
    return facts.backup().flatMap(Story::told).or(() -> issued(facts));
  }

  private static Optional<Instant> told(Node backup) {
    return Readiness.condition(backup, NodeDebug.CERTIFICATE_ENDS)
        .map(NodeCondition::getMessage)
        .flatMap(
            message -> {
              try {
                return Optional.of(Instant.parse(message));
              } catch (DateTimeParseException e) {
                return Optional.empty();
              }
            });
  }

  private static Optional<Instant> issued(Facts facts) {
    return facts
        .request()
        .flatMap(Request::certificate)
        .map(certificate -> certificate.getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS))
        .or(
            () ->
                kept(facts, facts.claim().nodeDebug().story().certificateEnds())
                    .map(Instant::parse));
  }

  // The control plane removes an approved request after an hour, and the node lives on.
  private static Optional<String> kept(
      Facts facts, @org.jspecify.annotations.Nullable String value) {
    return facts.backup().isPresent() ? Optional.ofNullable(value) : Optional.empty();
  }

  private static Optional<Pod> debugPod(Facts facts) {
    return facts.pods().stream()
        .filter(pod -> pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase()))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst();
  }

  private static String qualified(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  private static String exec(Pod pod) {
    return "kubectl exec -it -n %s %s -- bash"
        .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
  }

  /** What the agent says in a condition of the backup Node. */
  private static Optional<String> told(Facts facts, String condition) {
    Optional<Node> backup = facts.backup();
    return backup
        .flatMap(node -> Readiness.condition(node, condition))
        .map(NodeCondition::getMessage)
        .filter(message -> !message.isBlank());
  }
}
