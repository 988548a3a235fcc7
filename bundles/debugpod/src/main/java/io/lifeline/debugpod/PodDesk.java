package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.lifeline.node.api.Worker;
import io.lifeline.session.api.ContainerException;
import io.lifeline.session.api.ContainerRuntime;
import io.lifeline.session.api.DebugContainer;
import io.lifeline.session.api.LogReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which pod runs. {@link #look} is given all pods of the backup node, again and again, and
 * brings the one container in line: the same list twice changes nothing. One thread; {@link #pods}
 * and {@link #container} are for any.
 */
final class PodDesk {

  private static final Logger LOG = LoggerFactory.getLogger(PodDesk.class);

  private final Worker worker;
  private final PodSettings settings;
  private final PodChecks checks;
  private final PodStatusText text;
  private final PodCluster cluster;
  private final Supplier<@Nullable ContainerRuntime> runtime;
  private final Runnable wake;
  private final Map<String, String> refusals = new HashMap<>();
  private volatile List<Pod> seen = List.of();
  private final CountDownLatch looked = new CountDownLatch(1);

  private volatile @Nullable RunningPod running;
  private volatile @Nullable RunningPod ended;

  PodDesk(
      Worker worker,
      PodSettings settings,
      PodCluster cluster,
      Supplier<@Nullable ContainerRuntime> runtime,
      Runnable wake) {
    this.worker = worker;
    this.settings = settings;
    this.checks = new PodChecks(settings);
    this.text = cluster.text(worker.address());
    this.cluster = cluster;
    this.runtime = runtime;
    this.wake = wake;
  }

  /** Waits for the first look; any thread that may block. */
  void awaitLook(long nanos) throws InterruptedException {
    looked.await(nanos, TimeUnit.NANOSECONDS);
  }

  void look(List<Pod> pods) {
    try {
      consider(pods);
    } finally {
      looked.countDown();
    }
  }

  private void consider(List<Pod> pods) {
    seen = List.copyOf(pods);
    refusals.keySet().retainAll(pods.stream().map(pod -> pod.getMetadata().getUid()).toList());
    endWhatIsGone(pods);
    pods.stream().filter(PodDesk::isDeleting).forEach(this::delete);
    // The oldest first, so that who was refused for being second is taken up when the first goes.
    List<Pod> waiting = new ArrayList<>(pods);
    waiting.removeIf(PodDesk::isDeleting);
    RunningPod over = ended;
    waiting.removeIf(pod -> over != null && over.is(pod));
    waiting.sort(
        Comparator.comparing((Pod pod) -> pod.getMetadata().getCreationTimestamp())
            .thenComparing(pod -> pod.getMetadata().getName()));
    waiting.forEach(this::consider);
  }

  private void endWhatIsGone(List<Pod> pods) {
    RunningPod over = ended;
    if (over != null && pods.stream().noneMatch(over::is)) {
      ended = null;
    }
    RunningPod current = running;
    if (current == null) {
      return;
    }
    if (pods.stream().noneMatch(current::is)) {
      LOG.info("pod {} has gone: its container goes too", PodCluster.name(current.pod()));
      deleteContainer(current);
    } else if (current.container().ended().isPresent()) {
      cluster.status(
          current.pod(),
          text.ended(
              current.pod(),
              current.container().id(),
              current.startedAt(),
              current.container().ended().get()));
      ended = current;
      deleteContainer(current);
    }
  }

  private void delete(Pod pod) {
    RunningPod current = running;
    if (current != null && current.is(pod)) {
      deleteContainer(current);
    }
    cluster.remove(pod);
  }

  private void consider(Pod pod) {
    RunningPod current = running;
    if (current != null && current.is(pod)) {
      return;
    }
    if (isOver(pod)) {
      return;
    }
    List<String> failures = checks.failures(pod);
    if (failures.isEmpty() && current != null) {
      failures =
          List.of(
              "one debug pod at a time, and %s runs: kubectl delete pod -n %s %s, or use it"
                  .formatted(
                      PodCluster.name(current.pod()),
                      current.pod().getMetadata().getNamespace(),
                      current.pod().getMetadata().getName()));
    }
    if (failures.isEmpty()) {
      start(pod);
    } else {
      refuse(pod, String.join("; ", failures));
    }
  }

  private void refuse(Pod pod, String why) {
    if (why.equals(refusals.put(pod.getMetadata().getUid(), why))) {
      return;
    }
    LOG.warn("pod {} is refused: {}", PodCluster.name(pod), why);
    cluster.status(pod, text.refused(pod, why));
    cluster.event(pod, "Warning", PodStatusText.REFUSED, why);
  }

  private void start(Pod pod) {
    ContainerRuntime bound = runtime.get();
    if (bound == null) {
      refuse(
          pod,
          "the bundle io.lifeline.runtime.oci is not there: feature:install lifeline-runtime-oci");
      return;
    }
    String id = ContainerShape.id(pod);
    try {
      Optional<DebugContainer> earlier = bound.find(id);
      DebugContainer container =
          earlier.isPresent()
              ? earlier.get()
              : bound.create(ContainerShape.of(pod, worker.backupName(), settings.mountPath()));
      String startedAt = text.now();
      running = new RunningPod(pod, container, startedAt);
      refusals.remove(pod.getMetadata().getUid());
      cluster.status(pod, text.running(pod, id, startedAt));
      Container asked = pod.getSpec().getContainers().get(0);
      cluster.event(
          pod,
          "Normal",
          "Started",
          "the debug container runs with %s, made of the worker's own binaries; the image %s is not used"
              .formatted(bound.description(), asked.getImage()));
      LOG.info(
          "pod {} runs in container {} with {}", PodCluster.name(pod), id, bound.description());
      container.whenEnded(wake);
    } catch (ContainerException e) {
      String why = e.getMessage();
      if (!why.equals(refusals.put(pod.getMetadata().getUid(), why))) {
        LOG.error("the container of pod {} cannot be created: {}", PodCluster.name(pod), why);
        cluster.status(pod, text.broken(pod, why));
        cluster.event(pod, "Warning", "CreateContainerError", why);
      }
    }
  }

  /** It lives on, and the next life looks after it. */
  void letGo() {
    RunningPod current = running;
    if (current != null) {
      current.container().forget(wake);
    }
  }

  /** The end of the rescue: the container goes, and so do all pods. */
  void close() {
    RunningPod current = running;
    if (current != null) {
      deleteContainer(current);
    }
    seen.forEach(cluster::remove);
    seen = List.of();
  }

  private void deleteContainer(RunningPod current) {
    running = null;
    try {
      current.container().delete();
    } catch (ContainerException e) {
      LOG.error("container {} cannot be deleted: {}", current.container().id(), e.getMessage());
    }
  }

  List<Pod> pods() {
    return seen;
  }

  Optional<DebugContainer> container(String namespace, String pod, String uid, String container) {
    RunningPod current = running;
    return current != null && current.means(namespace, pod, uid, container)
        ? Optional.of(current.container())
        : Optional.empty();
  }

  Optional<LogReader> logs(String namespace, String pod, String uid, String container) {
    // The one that ended last is remembered for what it said, until its pod goes.
    return Stream.of(Optional.ofNullable(running), Optional.ofNullable(ended))
        .flatMap(Optional::stream)
        .filter(known -> known.means(namespace, pod, uid, container))
        .findFirst()
        .map(known -> known.container().logs());
  }

  /** Any thread. */
  void warn(String reason, String sentence) {
    RunningPod current = running;
    if (current != null) {
      cluster.event(current.pod(), "Warning", reason, sentence);
    }
  }

  private static boolean isDeleting(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  private static boolean isOver(Pod pod) {
    return pod.getStatus() != null
        && List.of("Succeeded", "Failed").contains(String.valueOf(pod.getStatus().getPhase()));
  }
}
