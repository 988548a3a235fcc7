package io.lifeline.operator;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.claim.Claims;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the leader leaves the lead to another one: its own node is a worker that is rescued, and a
 * pass takes so long that the node has no time for it. It renews its Lease all the same, which is
 * one small request, and nobody would take over.
 *
 * <p>Once for each NodeDebug, and only while an operator is ready on a node that is not rescued
 * itself: who is alone goes on, and the lead never goes to and fro. One thread.
 */
final class Succession {

  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  /**
   * Several times what a pass with much to do takes on a node that is well, also an operator's
   * first: who just warms up goes on.
   */
  static final Duration SLOW = Duration.ofSeconds(3);

  /** What is asked when a pass was slow. */
  interface Cluster {

    List<NodeDebug> nodeDebugs();

    /** The nodes of all operators that are ready. */
    Set<String> operatorNodes();
  }

  private final Optional<String> node;
  private final Cluster cluster;
  private final Runnable giveUp;
  private final Set<String> left = new HashSet<>();

  /**
   * @param node the one this operator is on; empty where that is not known, or it is on none
   * @param giveUp gives the lead up
   */
  Succession(Optional<String> node, Cluster cluster, Runnable giveUp) {
    this.node = node;
    this.cluster = cluster;
    this.giveUp = giveUp;
  }

  /** A pass of the leader has ended, well or not. */
  void passed(Duration took) {
    if (node.isEmpty() || took.compareTo(SLOW) < 0) {
      return;
    }
    try {
      Optional<String> to = successor(node.get());
      if (to.isPresent()) {
        LOG.warn(
            "{}, where this operator is, is rescued and slow (a pass took {} ms): the one on {} may"
                + " lead",
            node.get(),
            took.toMillis(),
            to.get());
        giveUp.run();
      }
    } catch (KubernetesClientException e) {
      LOG.debug("whether another operator should lead is not known: {}", Why.of(e));
    }
  }

  private Optional<String> successor(String here) {
    List<Claim> live = Claims.of(cluster.nodeDebugs()).live();
    Set<String> reasons =
        live.stream()
            .filter(claim -> claim.worker().equals(here))
            .map(claim -> claim.nodeDebug().getMetadata().getUid())
            .collect(Collectors.toSet());
    left.retainAll(reasons);
    if (left.containsAll(reasons)) {
      return Optional.empty();
    }
    Set<String> rescued = live.stream().map(Claim::worker).collect(Collectors.toSet());
    Optional<String> other =
        cluster.operatorNodes().stream().filter(there -> !rescued.contains(there)).findFirst();
    other.ifPresent(there -> left.addAll(reasons));
    return other;
  }
}
