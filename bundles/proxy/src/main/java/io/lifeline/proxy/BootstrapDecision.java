package io.lifeline.proxy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.NodeDebug;
import io.lifeline.proxy.Answer.Granted;
import io.lifeline.proxy.Answer.Reason;
import io.lifeline.proxy.Answer.Refused;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who gets which bootstrap kubeconfig: the agent of a worker its own, while a live NodeDebug names
 * the worker and the API server does not hold it for Ready. What cannot be found out is a no. Any
 * thread.
 */
final class BootstrapDecision {

  private static final Logger LOG = LoggerFactory.getLogger(BootstrapDecision.class);

  private final ClusterView cluster;
  private final RateLimit limit;

  BootstrapDecision(ClusterView cluster, RateLimit limit) {
    this.cluster = cluster;
    this.limit = limit;
  }

  /**
   * An answer, and the NodeDebug it is about where there is one.
   *
   * @param about for the Event on a refusal
   */
  record Decided(Answer answer, Optional<NodeDebug> about) {}

  /**
   * @param caller whom TLS has let in
   * @param asked the worker that the request names
   */
  Decided decide(Optional<Agent> caller, String asked) {
    if (caller.isEmpty()) {
      return refused(Reason.NotAnAgent, "The client certificate is not the enrolment of an agent.");
    }
    String worker = caller.get().worker();
    // Counted by who it is, not by whom it asks for: nobody can use up another's share.
    if (!limit.take(worker)) {
      return refused(
          Reason.TooManyRequests,
          "The agent of %s asks more than %d times a minute.".formatted(worker, limit.perMinute()));
    }
    try {
      Optional<NodeDebug> nodeDebug =
          cluster.nodeDebugs().stream()
              .filter(nd -> nd.worker().equals(worker))
              .filter(nd -> !nd.deleting() && nd.story().accepted())
              .min(NodeDebug.FIRST);
      return new Decided(answer(worker, asked, nodeDebug.isPresent()), nodeDebug);
    } catch (KubernetesClientException e) {
      // The caller is told less than the person on call.
      LOG.warn("the API server could not be asked about {}", worker, e);
      return refused(
          Reason.ApiServerUnreachable,
          "The API server could not be asked: it is tried again with the next request.");
    }
  }

  private Answer answer(String worker, String asked, boolean wanted) {
    if (!worker.equals(asked)) {
      return new Refused(
          Reason.WrongWorker,
          "The agent of %s may not ask for %s.".formatted(worker, printable(asked)));
    }
    if (!wanted) {
      return new Refused(
          Reason.NoNodeDebug,
          "There is no accepted NodeDebug for %s. Somebody has to create one.".formatted(worker));
    }
    Optional<Boolean> ready = cluster.ready(worker);
    if (ready.orElse(false)) {
      return new Refused(
          Reason.WorkerReady, "The Node %s is Ready: nothing is handed out.".formatted(worker));
    }
    return cluster
        .kubeconfig(worker)
        .<Answer>map(Granted::new)
        .orElseGet(
            () ->
                new Refused(
                    Reason.NoBootstrapKubeConfig,
                    "The operator has no bootstrap kubeconfig for %s: see the condition BootstrapKubeConfig of its NodeDebug."
                        .formatted(worker)));
  }

  private static Decided refused(Reason reason, String message) {
    return new Decided(new Refused(reason, message), Optional.empty());
  }

  // It goes into a log and an Event.
  private static String printable(String asked) {
    String clean = asked.replaceAll("[^-a-zA-Z0-9.]", "?");
    return clean.length() > 253 ? clean.substring(0, 253) : clean;
  }
}
