package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.lifeline.crd.LifelineConfig;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.proxy.ProxyKeeper;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches that ring the bell and keep nothing: a pass reads everything afresh. A watch that broke
 * is opened again by the next pass, which comes in any case. One thread, but for the rings.
 */
final class BellWatches implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BellWatches.class);

  private final KubernetesClient client;
  private final String namespace;
  private final Bell bell;
  private final Bell quick;
  private final Map<String, Watch> open = new HashMap<>();
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  /**
   * @param quick rung as well when there is something about a certificate request
   */
  BellWatches(KubernetesClient client, String namespace, Bell bell, Bell quick) {
    this.client = client;
    this.namespace = namespace;
    this.bell = bell;
    this.quick = quick;
  }

  /** Watches what is always watched. */
  void always() {
    keep("nodedebugs", ring -> client.resources(NodeDebug.class).watch(ring.of()));
    keep("lifelineconfigs", ring -> client.resources(LifelineConfig.class).watch(ring.of()));
    keep(
        "certificatesigningrequests",
        ring ->
            client
                .certificates()
                .v1()
                .certificateSigningRequests()
                .watch(ring.<CertificateSigningRequest>of(quick)));
    keep(
        "the proxy",
        ring ->
            client
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(ProxyKeeper.NAME)
                .watch(ring.of()));
    keep("backup nodes", ring -> client.nodes().withLabel(NodeDebug.BACKUP_OF).watch(ring.of()));
  }

  /**
   * Watches these workers and the pods of their backup nodes, and the nodes that are upgraded, and
   * no others.
   */
  void follow(Set<String> workers, Set<String> upgraded) {
    Set<String> wanted = new HashSet<>();
    for (String node : upgraded) {
      wanted.add("upgraded/" + node);
      keep("upgraded/" + node, ring -> client.nodes().withName(node).watch(ring.of()));
    }
    for (String worker : workers) {
      wanted.add("node/" + worker);
      wanted.add("pods/" + worker);
      keep("node/" + worker, ring -> client.nodes().withName(worker).watch(ring.of()));
      keep(
          "pods/" + worker,
          ring ->
              client
                  .pods()
                  .inAnyNamespace()
                  .withField("spec.nodeName", NodeDebug.backupNode(worker))
                  .watch(ring.of()));
    }
    for (String name : Set.copyOf(open.keySet())) {
      if (name.indexOf('/') > 0 && !wanted.contains(name)) {
        drop(name);
      }
    }
  }

  private void keep(String name, Function<Ring, Watch> opener) {
    if (broken.remove(name)) {
      drop(name);
    }
    if (open.containsKey(name)) {
      return;
    }
    try {
      open.put(name, opener.apply(new Ring(name)));
    } catch (KubernetesClientException e) {
      LOG.warn("{} cannot be watched, only looked at from time to time: {}", name, Why.of(e));
    }
  }

  private void drop(String name) {
    Watch watch = open.remove(name);
    if (watch != null) {
      watch.close();
    }
  }

  @Override
  public void close() {
    Set.copyOf(open.keySet()).forEach(this::drop);
  }

  private final class Ring {

    private final String name;

    Ring(String name) {
      this.name = name;
    }

    <T> Watcher<T> of() {
      return of(bell);
    }

    <T> Watcher<T> of(Bell other) {
      return new Watcher<>() {
        @Override
        public void eventReceived(Action action, T resource) {
          other.ring();
          bell.ring();
        }

        @Override
        public void onClose(WatcherException cause) {
          LOG.debug("the watch of {} broke: {}", name, Why.of(cause));
          broken.add(name);
          bell.ring();
        }
      };
    }
  }
}
