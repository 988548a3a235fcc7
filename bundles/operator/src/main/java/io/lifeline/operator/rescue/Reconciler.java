package io.lifeline.operator.rescue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.Phase;
import io.lifeline.operator.Announcer;
import io.lifeline.operator.bootstrap.BootstrapIdentities;
import io.lifeline.operator.bootstrap.BootstrapOutcome;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.claim.Standing;
import io.lifeline.operator.csr.BootstrapPolicy;
import io.lifeline.operator.csr.Request;
import io.lifeline.operator.csr.Ruling;
import io.lifeline.operator.proxy.ProxyKeeper.ProxyState;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes the cluster agree with one NodeDebug. Idempotent: a call that was cut at any line is made
 * good by the next one. One thread.
 */
public final class Reconciler {

  private final KubernetesClient client;
  private final Deregistration deregistration;
  private final Ending ending;
  private final Steady steady;
  private final Duration readyWait;
  private final Story story;
  private final Announcer announcer;

  public Reconciler(
      KubernetesClient client,
      Ending ending,
      Steady steady,
      Duration readyWait,
      Story story,
      Announcer announcer) {
    this.client = client;
    this.deregistration = new Deregistration(client);
    this.ending = ending;
    this.steady = steady;
    this.readyWait = readyWait;
    this.story = story;
    this.announcer = announcer;
  }

  /** What a pass has found out for all NodeDebugs. */
  public record Surroundings(
      List<Request> requests,
      Request.Reader reader,
      BootstrapPolicy policy,
      String bootstrapNamespace,
      ProxyState proxy) {

    String minted(String worker) {
      return BootstrapIdentities.serviceAccount(bootstrapNamespace, worker);
    }
  }

  /**
   * One NodeDebug.
   *
   * @return when it has to be looked at again at the latest, if that is sooner than usual
   */
  public Optional<Duration> reconcile(
      Claim claim, BootstrapOutcome bootstrap, Surroundings around) {
    Standing standing = claim.standing();
    if (standing instanceof Standing.Refused refused) {
      write(claim.nodeDebug(), story.refused(claim.nodeDebug(), refused));
      return Optional.empty();
    }
    boolean live = claim.live();
    if (live) {
      // 1. So that nothing is left behind, whatever happens from here on.
      takeOn(claim);
    }
    // 2. What is there.
    Facts facts = facts(claim, bootstrap, around);
    boolean workerReady = facts.worker().filter(n -> Readiness.of(n).isTrue()).isPresent();
    if (!live) {
      deregistration.removeRequests(around.requests(), ofWorker(claim, around));
    }
    // 3. Is the backup node over?
    if (facts.backup().isPresent()) {
      Node backup = facts.backup().get();
      End end =
          ending.of(
              backup,
              new Ending.Circumstances(
                  live,
                  workerReady,
                  deregistration.leaseRenewed(claim.backupNode()),
                  Story.ends(facts)));
      if (end instanceof End.Asked asked) {
        deregistration.askToEnd(backup);
        write(claim.nodeDebug(), story.of(facts.over(asked.message())));
        return Optional.of(asked.left());
      }
      if (end instanceof End.Over over) {
        // Written first: it tells the next pass to go on should this one be cut.
        write(claim.nodeDebug(), story.of(facts.over(over.message())));
        if (!deregistration.removeNode(backup)) {
          return Optional.of(Duration.ZERO);
        }
        removeRest(claim, facts, around);
        facts = facts.deregistered();
      }
    } else if (claim.nodeDebug().story().phase() == Phase.Ending) {
      removeRest(claim, facts, around);
      facts = facts.deregistered();
    } else if (live && readyForLong(claim, workerReady)) {
      deregistration.removeRequests(around.requests(), ofWorker(claim, around));
      facts = facts.withoutRequest();
    }
    if (!live) {
      deregistration.removeRest(claim.backupNode());
      letGo(claim);
      return Optional.empty();
    }
    // 4. One status patch.
    write(claim.nodeDebug(), story.of(facts));
    return Optional.empty();
  }

  /** A backup node whose NodeDebug was taken away by force. */
  public Optional<Duration> orphan(Node backup) {
    String name = backup.getMetadata().getName();
    End end =
        ending.of(
            backup,
            new Ending.Circumstances(
                false, false, deregistration.leaseRenewed(name), Optional.empty()));
    if (end instanceof End.Asked asked) {
      deregistration.askToEnd(backup);
      return Optional.of(asked.left());
    }
    if (end instanceof End.Over && deregistration.removeNode(backup)) {
      deregistration.removeRest(name);
    }
    return Optional.empty();
  }

  private void takeOn(Claim claim) {
    NodeDebug nd = claim.nodeDebug();
    String noted =
        nd.getMetadata().getAnnotations() == null
            ? null
            : nd.getMetadata().getAnnotations().get(NodeDebug.WORKER);
    if (!nd.hasFinalizer(NodeDebug.FINALIZER) || noted == null) {
      client
          .resources(NodeDebug.class)
          .withName(claim.name())
          .edit(
              n -> {
                n.addFinalizer(NodeDebug.FINALIZER);
                n.getMetadata().getAnnotations().put(NodeDebug.WORKER, claim.worker());
                return n;
              });
    }
  }

  private void letGo(Claim claim) {
    client
        .resources(NodeDebug.class)
        .withName(claim.name())
        .edit(
            n -> {
              n.removeFinalizer(NodeDebug.FINALIZER);
              return n;
            });
    announcer.normal(
        claim.nodeDebug(),
        "Removed",
        "Nothing of the rescue of %s is left.".formatted(claim.worker()));
  }

  private Facts facts(Claim claim, BootstrapOutcome bootstrap, Surroundings around) {
    Optional<Node> backup = deregistration.backupNode(claim.backupNode());
    List<Pod> pods = backup.isPresent() ? deregistration.pods(claim.backupNode()) : List.of();
    return new Facts(
        claim,
        bootstrap,
        around.proxy(),
        Optional.ofNullable(client.nodes().withName(claim.worker()).get()),
        around.requests().stream()
            .filter(rightRequests(claim, around))
            .max(Comparator.comparing(Request::created).thenComparing(Request::name)),
        backup,
        pods,
        Optional.empty());
  }

  private boolean readyForLong(Claim claim, boolean workerReady) {
    Duration since = steady.since(claim.backupNode() + "/alone", Boolean.toString(workerReady));
    return workerReady && since.compareTo(readyWait) > 0;
  }

  // The requests of the life that ended; one that its agent has made since then stays.
  private void removeRest(Claim claim, Facts facts, Surroundings around) {
    deregistration.removeRest(claim.backupNode());
    String until =
        facts.backup().map(node -> node.getMetadata().getCreationTimestamp()).orElse("9");
    deregistration.removeRequests(
        around.requests(),
        ofWorker(claim, around)
            .and(request -> request.state() != Request.State.PENDING)
            .and(request -> request.created().compareTo(until) <= 0 || servingRequest(request)));
  }

  private static boolean servingRequest(Request request) {
    return request.signer().equals(Request.NODE_SERVING);
  }

  /** Exactly what a person is asked to approve. */
  private static Predicate<Request> rightRequests(Claim claim, Surroundings around) {
    return request ->
        asksForBackupOf(claim, request, around)
            && around
                .policy()
                .rule(request)
                .filter(Ruling.ForAPerson.class::isInstance)
                .isPresent();
  }

  /** Everything that is about its backup node. */
  private static Predicate<Request> ofWorker(Claim claim, Surroundings around) {
    String node = "system:node:" + claim.backupNode();
    return request ->
        request.username().equals(node)
            || request.username().equals(around.minted(claim.worker()))
            || asksForBackupOf(claim, request, around);
  }

  private static boolean asksForBackupOf(Claim claim, Request request, Surroundings around) {
    if (!request.signer().equals(Request.NODE_CLIENT)) {
      return false;
    }
    try {
      return request
          .subject(around.reader())
          .commonName()
          .equals("system:node:" + claim.backupNode());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private void write(NodeDebug nd, Story.Chapter chapter) {
    if (chapter.status().equals(nd.story())) {
      return;
    }
    boolean news = nd.story().phase() != chapter.phase();
    client
        .resources(NodeDebug.class)
        .withName(nd.getMetadata().getName())
        .editStatus(
            n -> {
              n.setStatus(chapter.status());
              return n;
            });
    nd.setStatus(chapter.status());
    if (news) {
      if (chapter.phase() == Phase.Refused || chapter.phase() == Phase.AwaitingApproval) {
        announcer.warning(nd, chapter.phase().name(), chapter.sentence());
      } else {
        announcer.normal(nd, chapter.phase().name(), chapter.sentence());
      }
    }
  }
}
