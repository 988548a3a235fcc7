package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.Worker;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The stage POD of a rescue. */
@Component(
    configurationPid = PodSettings.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    service = {RescueParticipant.class, DebugPods.class, SessionListener.class})
public final class DebugPodComponent implements RescueParticipant, DebugPods, SessionListener {

  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  /** All that lives from begin to end. */
  private record Open(KubernetesClient client, PodDesk desk, PodWatch watch) {}

  private final PodSettings settings;
  private final Worker worker;
  private final KubernetesClients clients;
  private volatile @Nullable ContainerRuntime runtime;
  private volatile @Nullable SessionEngine engine;
  private volatile @Nullable Open open;

  @Activate
  public DebugPodComponent(
      Map<String, Object> properties,
      @Reference Worker worker,
      @Reference KubernetesClients clients) {
    this.settings = PodSettings.of(Settings.of(PodSettings.PID, properties));
    this.worker = worker;
    this.clients = clients;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindRuntime(ContainerRuntime bound) {
    runtime = bound;
  }

  void unbindRuntime(ContainerRuntime bound) {
    if (runtime == bound) {
      runtime = null;
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEngine(SessionEngine bound) {
    engine = bound;
  }

  void unbindEngine(SessionEngine bound) {
    if (engine == bound) {
      engine = null;
    }
  }

  @Override
  public Stage stage() {
    return Stage.POD;
  }

  @Override
  public void rehearse() {
    ContainerRuntime bound = runtime;
    if (bound != null) {
      new ContainerRehearsal(bound, worker.backupName(), settings.mountPath()).run();
    }
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) {
    stopWatching();
    KubernetesClient client = clients.connect(credential.access());
    PodCluster cluster = new PodCluster(client, worker.backupName());
    Semaphore wake = new Semaphore(0);
    PodDesk desk = new PodDesk(worker, settings, cluster, () -> runtime, wake::release);
    PodWatch watch = new PodWatch(client, worker.backupName(), cluster, desk, wake);
    SessionEngine sessions = engine;
    if (sessions != null) {
      sessions.admit();
      sessions.endsAt(
          credential.endNanos(), "the debug certificate of %s".formatted(worker.backupName()));
    }
    open = new Open(client, desk, watch);
    watch.start();
  }

  @Override
  public void end(RescueEnd end) {
    SessionEngine sessions = engine;
    if (sessions != null && end.reason() == RescueEnd.Reason.WORKER_READY) {
      sessions.endAllGently("%s is Ready again".formatted(worker.name()), LAST_WORDS);
    } else if (sessions != null) {
      sessions.endAll(lastWords(end), LAST_WORDS);
    }
    Open now = open;
    open = null;
    if (now != null) {
      now.watch().stop();
      now.desk().close();
      now.client().close();
    }
  }

  private String lastWords(RescueEnd end) {
    return switch (end.reason()) {
      case WORKER_READY ->
          "%s is Ready again: this debug session ends now".formatted(worker.name());
      case CERTIFICATE_EXPIRED ->
          "the debug certificate of %s has expired: this debug session ends now"
              .formatted(worker.backupName());
      case WITHDRAWN ->
          "the NodeDebug for %s was deleted: this debug session ends now".formatted(worker.name());
      case STOPPED -> "this debug session ends now: " + end.detail();
    };
  }

  /** An Event on the pod, by a thread of its own: the API server may be slow to take it. */
  @Override
  public void warning(String reason, String sentence) {
    Open now = open;
    if (now != null) {
      Thread teller = new Thread(() -> now.desk().warn(reason, sentence), "lifeline-event");
      teller.setDaemon(true);
      teller.start();
    }
  }

  /** A replaced bundle leaves the container and the pod as they are: its next life finds them. */
  @Deactivate
  void stopWatching() {
    Open now = open;
    open = null;
    if (now != null) {
      now.watch().stop();
      now.client().close();
    }
  }

  @Override
  public List<Pod> pods() {
    Open now = open;
    return now == null ? List.of() : now.desk().pods();
  }

  @Override
  public Optional<DebugContainer> container(
      String namespace, String pod, String uid, String container) {
    Open now = open;
    return now == null ? Optional.empty() : now.desk().container(namespace, pod, uid, container);
  }

  @Override
  public Optional<LogReader> logs(String namespace, String pod, String uid, String container) {
    Open now = open;
    return now == null ? Optional.empty() : now.desk().logs(namespace, pod, uid, container);
  }
}
