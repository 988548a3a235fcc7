package io.lifeline.operator.claim;

import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** All NodeDebugs, each with its standing: the older one has the worker, then the first by name. */
public final class Claims {

  private static final Pattern WORKER = Pattern.compile(NodeDebugSpec.DNS_1123);

  private final List<Claim> all;
  private final Map<String, Claim> owners;

  private Claims(List<Claim> all, Map<String, Claim> owners) {
    this.all = List.copyOf(all);
    this.owners = Map.copyOf(owners);
  }

  public static Claims of(List<NodeDebug> nodeDebugs) {
    List<Claim> all = new ArrayList<>();
    Map<String, Claim> owners = new HashMap<>();
    for (NodeDebug nd : nodeDebugs.stream().sorted(NodeDebug.FIRST).toList()) {
      String worker = nd.worker();
      Claim claim = new Claim(nd, worker, standing(nd, Optional.ofNullable(owners.get(worker))));
      all.add(claim);
      if (!(claim.standing() instanceof Standing.Refused)) {
        owners.put(worker, claim);
      }
    }
    return new Claims(all, owners);
  }

  private static Standing standing(NodeDebug nd, Optional<Claim> first) {
    if (nd.deleting()) {
      return nd.hasFinalizer(NodeDebug.FINALIZER)
          ? new Standing.Deleting()
          : new Standing.Refused("Deleting", "It is being deleted and nothing came with it.");
    }
    Optional<Standing> invalid = invalid(nd);
    if (invalid.isPresent()) {
      return invalid.get();
    }
    if (first.isPresent()) {
      return new Standing.Refused(
          "Duplicate",
          "The NodeDebug %s has the worker %s already; this one does nothing. To proceed, you can either use that one or delete it."
              .formatted(first.get().name(), nd.worker()));
    }
    return new Standing.Live();
  }

  // The schema says so too, but for a NodeDebug that was created under an older one.
  private static Optional<Standing> invalid(NodeDebug nd) {
    String worker = nd.worker();
    if (worker.length() > NodeDebugSpec.WORKER_NAME_MAX || !WORKER.matcher(worker).matches()) {
      return Optional.of(
          new Standing.Refused(
              "InvalidWorkerName",
              "spec.workerName must be a Node's name, as 'kubectl get nodes' shows it: it is '%s'. Delete this NodeDebug and create another one."
                  .formatted(worker)));
    }
    BootstrapKubeConfig given = nd.getSpec().bootstrapKubeConfig();
    if (given != null && given.inline() != null && given.secretRef() != null) {
      return Optional.of(
          new Standing.Refused(
              "InvalidBootstrapKubeConfig",
              "spec.bootstrapKubeConfig takes inline or secretRef, not both: remove one of them."));
    }
    return Optional.empty();
  }

  /** In the order in which they come first. */
  public List<Claim> all() {
    return all;
  }

  public List<Claim> live() {
    return all.stream().filter(Claim::live).toList();
  }

  /** Those that have their worker, live or going. */
  public List<Claim> owners() {
    return all.stream().filter(c -> !(c.standing() instanceof Standing.Refused)).toList();
  }

  /** The live claim to a worker. */
  public Optional<Claim> live(String worker) {
    return Optional.ofNullable(owners.get(worker)).filter(Claim::live);
  }

  /** Whoever has a worker, live or going. */
  public Optional<Claim> owner(String worker) {
    return Optional.ofNullable(owners.get(worker));
  }
}
