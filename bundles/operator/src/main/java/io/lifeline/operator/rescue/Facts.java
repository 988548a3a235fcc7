package io.lifeline.operator.rescue;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.operator.bootstrap.BootstrapOutcome;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.csr.Request;
import io.lifeline.operator.proxy.ProxyKeeper.ProxyState;
import java.util.List;
import java.util.Optional;

/**
 * What the cluster shows about a live or ending NodeDebug.
 *
 * @param request the newest of its right certificate requests
 * @param pods the pods on the backup node
 * @param ending why it is being ended, while it is
 */
public record Facts(
    Claim claim,
    BootstrapOutcome bootstrap,
    ProxyState proxy,
    Optional<Node> worker,
    Optional<Request> request,
    Optional<Node> backup,
    List<Pod> pods,
    Optional<String> ending) {

  public Facts {
    pods = List.copyOf(pods);
  }

  Facts over(String why) {
    return new Facts(claim, bootstrap, proxy, worker, request, backup, pods, Optional.of(why));
  }

  /** After its requests were removed. */
  Facts withoutRequest() {
    return new Facts(claim, bootstrap, proxy, worker, Optional.empty(), backup, pods, ending);
  }

  /**
   * After the backup node was deregistered: only a request that its agent made since then stays.
   */
  Facts deregistered() {
    return new Facts(
        claim,
        bootstrap,
        proxy,
        worker,
        request.filter(r -> r.state() == Request.State.PENDING),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }
}
