package io.lifeline.operator.bootstrap;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which user of the cluster bootstraps which worker. Immutable. */
public final class BootstrapIdentities {

  private final String prefix;
  private final Map<String, Set<String>> workers;

  private BootstrapIdentities(String prefix, Map<String, Set<String>> workers) {
    this.prefix = prefix;
    this.workers = workers;
  }

  /**
   * @param namespace the namespace of the minted identities: everybody in it is one, also when its
   *     NodeDebug is gone
   * @param userByWorker the users of the live NodeDebugs, as far as they are known
   */
  public static BootstrapIdentities of(String namespace, Map<String, String> userByWorker) {
    Map<String, Set<String>> workers = new HashMap<>();
    userByWorker.forEach(
        (worker, user) -> workers.computeIfAbsent(user, u -> new TreeSet<>()).add(worker));
    return new BootstrapIdentities(serviceAccount(namespace, ""), Map.copyOf(workers));
  }

  /** A service account as a user. */
  public static String serviceAccount(String namespace, String name) {
    return "system:serviceaccount:%s:%s".formatted(namespace, name);
  }

  /** Whether this user is there for bootstrapping and nothing else. */
  public boolean bootstraps(String username) {
    return username.startsWith(prefix) || workers.containsKey(username);
  }

  /** The workers of live NodeDebugs that this user bootstraps: a given kubeconfig may be shared. */
  public Set<String> liveWorkers(String username) {
    return workers.getOrDefault(username, Set.of());
  }
}
