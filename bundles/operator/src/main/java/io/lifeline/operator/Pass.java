package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.bootstrap.BootstrapIdentities;
import io.lifeline.operator.bootstrap.BootstrapKeeper;
import io.lifeline.operator.bootstrap.BootstrapOutcome;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.claim.Claims;
import io.lifeline.operator.csr.BootstrapPolicy;
import io.lifeline.operator.csr.Clerk;
import io.lifeline.operator.csr.Request;
import io.lifeline.operator.proxy.AuthorityKeeper;
import io.lifeline.operator.proxy.ProxyKeeper;
import io.lifeline.operator.proxy.ProxyKeeper.ProxyState;
import io.lifeline.operator.rescue.Reconciler;
import io.lifeline.operator.rescue.Steady;
import io.lifeline.operator.rollout.RolloutKeeper;
import io.lifeline.operator.rollout.RolloutKeeper.Rolling;
import io.lifeline.security.api.CertificateAuthority;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at everything, and what follows from it. What fails for one NodeDebug does not keep the
 * others waiting. One thread.
 */
final class Pass {

  private static final Logger LOG = LoggerFactory.getLogger(Pass.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final BootstrapOutcome NONE =
      new BootstrapOutcome.Missing("NotKept", "It is not kept for a NodeDebug that goes.");

  /** The parts that a pass works with. */
  record Parts(
      KubernetesClient client,
      OperatorSettings settings,
      Request.Reader reader,
      AuthorityKeeper authority,
      Clerk clerk,
      BootstrapKeeper bootstrap,
      ProxyKeeper proxy,
      Reconciler reconciler,
      Steady steady,
      RolloutKeeper rollout,
      BellWatches watches,
      BooleanSupplier lifeIsKept) {}

  private final Parts parts;
  private final List<Duration> sooner = new ArrayList<>();

  Pass(Parts parts) {
    this.parts = parts;
  }

  /**
   * Does it.
   *
   * @return when the next one has to come at the latest
   * @throws KubernetesClientException when the API server cannot be asked
   */
  Duration run() {
    parts.watches().always();
    Claims claims = Claims.of(parts.client().resources(NodeDebug.class).list().getItems());
    Rolling rolling = rolling();
    parts
        .watches()
        .follow(
            claims.owners().stream().map(Claim::worker).collect(Collectors.toSet()),
            rolling.nodes());
    List<Request> requests =
        parts.client().certificates().v1().certificateSigningRequests().list().getItems().stream()
            .map(Request::new)
            .toList();
    Supplier<CertificateAuthority> authority = parts.authority()::authority;

    Map<String, BootstrapOutcome> outcomes = parts.bootstrap().keep(claims);
    BootstrapIdentities identities = parts.bootstrap().identities(claims, outcomes);
    BootstrapPolicy policy =
        new BootstrapPolicy(
            parts.reader(),
            identities,
            parts.settings().certificates().backupLifeMost(),
            parts.lifeIsKept().getAsBoolean());
    parts.clerk().rule(requests, List.of(policy), authority, QuickPass.about(claims));

    ProxyState proxy = proxy(claims, rolling, authority);
    Reconciler.Surroundings around =
        new Reconciler.Surroundings(
            requests, parts.reader(), policy, parts.settings().bootstrap().namespace(), proxy);
    for (Claim claim : claims.all()) {
      attempt(
          claim.toString(),
          () ->
              parts
                  .reconciler()
                  .reconcile(claim, outcomes.getOrDefault(claim.worker(), NONE), around));
    }
    orphans(claims);
    return sooner.stream().reduce(parts.settings().resync(), (a, b) -> a.compareTo(b) < 0 ? a : b);
  }

  /** What comes of a rollout never keeps a rescue waiting. */
  private Rolling rolling() {
    try {
      parts.rollout().keep().next().ifPresent(sooner::add);
    } catch (KubernetesClientException | IllegalArgumentException | IOException e) {
      LOG.warn("the LifelineConfig could not be looked after, and will be again: {}", Why.of(e));
    }
    return parts.rollout().last();
  }

  private ProxyState proxy(
      Claims claims, Rolling rolling, Supplier<CertificateAuthority> authority) {
    Set<String> workers = claims.live().stream().map(Claim::worker).collect(Collectors.toSet());
    try {
      return parts.proxy().keep(workers, rolling.wantsProxy(), authority);
    } catch (KubernetesClientException | IllegalStateException | GeneralSecurityException e) {
      LOG.warn("the proxy could not be looked after, and will be again: {}", Why.of(e));
      sooner.add(SOON);
      return new ProxyState("Unknown", "Failed", String.valueOf(e.getMessage()));
    }
  }

  private void orphans(Claims claims) {
    Set<String> kept = new HashSet<>();
    claims.owners().forEach(claim -> kept.add(claim.backupNode() + "/"));
    List<Node> backups = parts.client().nodes().withLabel(NodeDebug.BACKUP_OF).list().getItems();
    for (Node backup : backups) {
      String name = backup.getMetadata().getName();
      kept.add(name + "/");
      if (NodeDebug.worker(name).filter(worker -> claims.owner(worker).isEmpty()).isPresent()) {
        attempt("the backup node " + name, () -> parts.reconciler().orphan(backup));
      }
    }
    parts.steady().keepOnly(kept);
  }

  private void attempt(String what, Supplier<Optional<Duration>> work) {
    try {
      work.get().ifPresent(sooner::add);
    } catch (KubernetesClientException | IllegalStateException e) {
      LOG.warn("{} could not be looked after, and will be again: {}", what, Why.of(e));
      sooner.add(SOON);
    } catch (RuntimeException e) {
      LOG.error("{} could not be looked after, by a fault of the operator's own", what, e);
      sooner.add(parts.settings().resync());
    }
  }
}
