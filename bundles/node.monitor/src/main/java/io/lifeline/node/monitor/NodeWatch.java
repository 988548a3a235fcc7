package io.lifeline.node.monitor;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.Worker;
import io.lifeline.node.api.WorkerHealth.Signal;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateDates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch on the worker's own Node, with the kubelet's own identity.
 *
 * <p>{@link #signal} opens it when it is not open, and is called by one thread; the watch's events
 * come from the client's. A kubeconfig that changes (the kubelet has a new certificate) is noticed
 * when the watch breaks, which an expired certificate makes it do.
 */
final class NodeWatch implements AutoCloseable {

  private static final Duration REOPEN = Duration.ofSeconds(5);

  private final MonitorSettings settings;
  private final Worker worker;
  private final Kubeconfig kubeconfig;
  private final KubernetesClients clients;
  private final Runnable changed;
  private final Consumer<Map<String, String>> annotations;

  private volatile Signal last = ApiSignal.unreachable("not asked yet");
  private volatile boolean open;
  private volatile @Nullable KubernetesClient client;
  private @Nullable Watch watch;
  private long openedNanos = System.nanoTime() - REOPEN.toNanos();

  /**
   * @param changed called from any thread when the API says something new
   * @param annotations told the Node's, from any thread, whenever they may have changed
   */
  NodeWatch(
      MonitorSettings settings,
      Worker worker,
      Kubeconfig kubeconfig,
      KubernetesClients clients,
      Runnable changed,
      Consumer<Map<String, String>> annotations) {
    this.settings = settings;
    this.worker = worker;
    this.kubeconfig = kubeconfig;
    this.clients = clients;
    this.changed = changed;
    this.annotations = annotations;
  }

  Signal signal() {
    if (!open && System.nanoTime() - openedNanos >= REOPEN.toNanos()) {
      openedNanos = System.nanoTime();
      reopen();
    }
    return last;
  }

  private void reopen() {
    close();
    try {
      KubernetesClient fresh = connect();
      client = fresh;
      // By field selector: since 1.32 a node identity may list and watch its own Node only so.
      Resource<Node> own = fresh.nodes().withName(worker.name());
      NodeList list = fresh.nodes().withField("metadata.name", worker.name()).list();
      last = ApiSignal.of(list.getItems().stream().findFirst(), worker.name());
      list.getItems().forEach(this::tell);
      String version = list.getMetadata().getResourceVersion();
      open = true;
      watch = own.watch(resumeAt(version), new Events());
    } catch (IOException | RuntimeException e) {
      open = false;
      last = ApiSignal.unreachable("the API server cannot be asked: " + CertificateDates.told(e));
    }
  }

  /** A client of the caller's own, as the kubelet's kubeconfig is now. */
  KubernetesClient connect() throws IOException {
    return clients.connect(access());
  }

  private void tell(Node node) {
    Map<String, String> own = node.getMetadata().getAnnotations();
    annotations.accept(own == null ? Map.of() : Map.copyOf(own));
  }

  /** Patches the Node's annotations; null removes one. Any thread. */
  void annotate(Map<String, @Nullable String> patch) throws IOException {
    KubernetesClient now = client;
    if (now == null) {
      throw new IOException("the API server cannot be asked: " + last.detail());
    }
    try {
      now.nodes()
          .withName(worker.name())
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              now.getKubernetesSerialization()
                  .asJson(Map.of("metadata", Map.of("annotations", patch))));
    } catch (RuntimeException e) {
      throw new IOException(
          "the Node %s cannot be annotated: %s".formatted(worker.name(), e.getMessage()), e);
    }
  }

  private static io.fabric8.kubernetes.api.model.ListOptions resumeAt(String version) {
    io.fabric8.kubernetes.api.model.ListOptions options =
        new io.fabric8.kubernetes.api.model.ListOptions();
    options.setResourceVersion(version);
    return options;
  }

  private ApiAccess access() throws IOException {
    for (String candidate : settings.kubeconfigs()) {
      Path path = worker.path(candidate);
      if (Files.isReadable(path)) {
        return kubeconfig.parse(Files.readString(path), worker.root());
      }
    }
    throw new IOException(
        "no kubeconfig of the kubelet at "
            + settings.kubeconfigs()
            + ": set 'kubeconfig' in etc/"
            + MonitorSettings.PID
            + ".cfg");
  }

  @Override
  public void close() {
    open = false;
    Watch oldWatch = watch;
    if (oldWatch != null) {
      oldWatch.close();
    }
    KubernetesClient oldClient = client;
    if (oldClient != null) {
      oldClient.close();
    }
    watch = null;
    client = null;
  }

  private final class Events implements Watcher<Node> {

    @Override
    public void eventReceived(Action action, Node node) {
      switch (action) {
        case ADDED, MODIFIED -> {
          last = ApiSignal.of(Optional.of(node), worker.name());
          tell(node);
        }
        case DELETED -> last = ApiSignal.of(Optional.empty(), worker.name());
        case ERROR, BOOKMARK -> {
          return;
        }
      }
      changed.run();
    }

    /** We list again ourselves, so that what was missed is seen. */
    @Override
    public boolean reconnecting() {
      return true;
    }

    @Override
    public void onClose(WatcherException cause) {
      open = false;
      last = ApiSignal.unreachable("the watch on the Node broke: " + cause.getMessage());
      changed.run();
    }
  }
}
