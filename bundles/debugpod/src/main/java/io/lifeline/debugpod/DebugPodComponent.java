package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.config.Settings;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.Awaited;
import io.lifeline.node.api.DebugPods;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.RescueParticipant;
import io.lifeline.node.api.RescueSignals;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.LogReader;
import io.lifeline.session.api.SessionEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    immediate = true,
    service = {RescueParticipant.class, DebugPods.class})
public final class DebugPodComponent implements RescueParticipant, DebugPods {

  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  /** One that has just come is perhaps the next of one that was replaced in a rescue. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** All that lives from begin to end. */
  private record Open(
      NodeCredential credential, KubernetesClient client, PodDesk desk, PodWatch watch) {}

  private final PodSettings settings;
  private final Worker worker;
  private final KubernetesClients clients;
  private final ClusterTime time;
  private final Awaited<ContainerRuntime> runtime = new Awaited<>();
  private volatile @Nullable SessionEngine engine;
  private final CountDownLatch begun = new CountDownLatch(1);
  private volatile long patientUntil = System.nanoTime() + PATIENCE_NANOS;
  private final PodVoice voice;
  private volatile @Nullable Open open;

  @Activate
  public DebugPodComponent(
      Map<String, Object> properties,
      @Reference Worker worker,
      @Reference KubernetesClients clients,
      @Reference ClusterTime time,
      @Reference PodVoice voice) {
    this.settings = PodSettings.of(Settings.of(PodSettings.PID, properties));
    this.worker = worker;
    this.clients = clients;
    this.time = time;
    this.voice = voice;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindRuntime(ContainerRuntime bound) {
    runtime.bind(bound);
  }

  void unbindRuntime(ContainerRuntime bound) {
    runtime.unbind(bound);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEngine(SessionEngine bound) {
    engine = bound;
    // One that was replaced in the middle of a rescue knows nothing of its end.
    Open now = open;
    if (now != null) {
      admit(bound, now.credential());
    }
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
    ContainerRuntime bound = runtime.awaited().orElse(null);
    if (bound != null) {
      new ContainerRehearsal(bound, worker.backupName(), settings.mountPath()).run();
    }
  }

  @Override
  public void begin(NodeCredential credential, RescueSignals signals) {
    Open before = open;
    if (before != null && before.credential().equals(credential)) {
      return;
    }
    // Who asks meanwhile is answered by what was seen before, and then waits for the first look.
    patientUntil = System.nanoTime() + PATIENCE_NANOS;
    stopWatching();
    KubernetesClient client = clients.connect(credential.access());
    PodCluster cluster = new PodCluster(client, worker.backupName(), time);
    Semaphore wake = new Semaphore(0);
    PodDesk desk =
        new PodDesk(worker, settings, cluster, () -> runtime.awaited().orElse(null), wake::release);
    PodWatch watch = new PodWatch(client, worker.backupName(), cluster, desk, wake);
    SessionEngine sessions = engine;
    if (sessions != null) {
      admit(sessions, credential);
    }
    open = new Open(credential, client, desk, watch);
    voice.speakFor(desk);
    watch.start();
    begun.countDown();
  }

  private void admit(SessionEngine sessions, NodeCredential credential) {
    sessions.admit();
    sessions.endsAt(
        credential.endNanos(), "the debug certificate of %s".formatted(worker.backupName()));
  }

  @Override
  public boolean farewell(RescueEnd end, BooleanSupplier calledOff) {
    SessionEngine sessions = engine;
    if (sessions == null || end.reason() != RescueEnd.Reason.WORKER_READY) {
      return true;
    }
    String cause = "%s is Ready again".formatted(worker.name());
    if (sessions.endAllGently(cause, LAST_WORDS, calledOff)) {
      return true;
    }
    sessions.broadcast(
        "%s is not Ready any more: this debug session goes on".formatted(worker.name()));
    return false;
  }

  @Override
  public void end(RescueEnd end) {
    SessionEngine sessions = engine;
    if (sessions != null) {
      sessions.endAll(lastWords(end), LAST_WORDS);
    }
    Open now = open;
    open = null;
    voice.speakFor(null);
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

  /**
   * A replaced bundle leaves the container and the pod as they are: its next life finds them. Who
   * has this one in his hands still is answered by what was seen last.
   */
  @Deactivate
  void stopWatching() {
    Open now = open;
    if (now != null) {
      now.watch().stop();
      now.desk().letGo();
      now.client().close();
    }
  }

  /** What is open, when its pods have been looked at. Waits for that after a replacement. */
  private @Nullable Open seen() {
    try {
      long left = Math.max(0, patientUntil - System.nanoTime());
      begun.await(left, TimeUnit.NANOSECONDS);
      Open now = open;
      if (now != null) {
        now.desk().awaitLook(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return open;
  }

  @Override
  public List<Pod> pods() {
    Open now = seen();
    return now == null ? List.of() : now.desk().pods();
  }

  @Override
  public Optional<DebugContainer> container(
      String namespace, String pod, String uid, String container) {
    Open now = seen();
    return now == null ? Optional.empty() : now.desk().container(namespace, pod, uid, container);
  }

  @Override
  public Optional<LogReader> logs(String namespace, String pod, String uid, String container) {
    Open now = seen();
    return now == null ? Optional.empty() : now.desk().logs(namespace, pod, uid, container);
  }
}
