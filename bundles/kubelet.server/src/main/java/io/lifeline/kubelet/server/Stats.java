package io.lifeline.kubelet.server;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.lifeline.node.api.DebugPods;
import io.lifeline.session.api.ContainerUsage;
import io.lifeline.session.api.DebugContainer;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the worker and the debug pod use, as metrics-server and {@code kubectl top} want it: the
 * summary, and the metrics of {@code /metrics/resource}.
 *
 * <p>Source: {@code k8s.io/kubelet/pkg/apis/stats/v1alpha1} and {@code
 * pkg/kubelet/metrics/collectors/resource_metrics.go} of Kubernetes. What the worker's disk would
 * have to be asked for is left out: it may not answer.
 */
final class Stats {

  private final String node;
  private final Path proc;
  private final Containers containers;
  private final InstantSource time;
  private final CpuRates rates = new CpuRates();

  /** A container of a pod, and what it uses. */
  private record Used(
      String id, ObjectMeta pod, ContainerStatus status, Instant started, ContainerUsage usage) {}

  Stats(String node, Path proc, Containers containers, InstantSource time) {
    this.time = time;
    this.node = node;
    this.proc = proc;
    this.containers = containers;
  }

  /** From here on the first rate counts. */
  void begin() {
    try {
      rates.rate(node, System.nanoTime(), NodeUsage.of(proc, time.instant()).cpuNanos());
    } catch (IOException e) {
      // Whoever asks is told.
    }
  }

  String summary() throws RefusedException {
    NodeUsage usage = nodeUsage();
    String at = second(usage.at());
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("nodeName", node);
    whole.put("systemContainers", List.of());
    whole.put("startTime", second(usage.booted()));
    whole.put("cpu", cpu(at, node, usage.cpuNanos()));
    Map<String, Object> memory = memory(at, usage.usageBytes(), usage.workingSetBytes());
    memory.put("availableBytes", Math.max(0, usage.capacityBytes() - usage.workingSetBytes()));
    memory.put("rssBytes", usage.rssBytes());
    whole.put("memory", memory);
    whole.put(
        "rlimit", Map.of("time", at, "maxpid", usage.mostThreads(), "curproc", usage.threads()));
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("node", whole);
    summary.put("pods", used().stream().map(used -> pod(at, used)).toList());
    return Serialization.asJson(summary);
  }

  private Map<String, Object> pod(String at, Used used) {
    Map<String, Object> cpu = cpu(at, used.id(), used.usage().cpuNanos());
    Map<String, Object> memory =
        memory(at, used.usage().memoryBytes(), used.usage().workingSetBytes());
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", used.status().getName());
    container.put("startTime", second(used.started()));
    container.put("cpu", cpu);
    container.put("memory", memory);
    Map<String, Object> pod = new LinkedHashMap<>();
    pod.put(
        "podRef",
        Map.of(
            "name", used.pod().getName(),
            "namespace", used.pod().getNamespace(),
            "uid", used.pod().getUid()));
    pod.put("startTime", second(used.started()));
    pod.put("containers", List.of(container));
    pod.put("cpu", cpu);
    pod.put("memory", memory);
    return pod;
  }

  private Map<String, Object> cpu(String at, String of, long cpuNanos) {
    Map<String, Object> cpu = new LinkedHashMap<>();
    cpu.put("time", at);
    cpu.put("usageNanoCores", rates.rate(of, System.nanoTime(), cpuNanos));
    cpu.put("usageCoreNanoSeconds", cpuNanos);
    return cpu;
  }

  private static Map<String, Object> memory(String at, long usage, long workingSet) {
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("time", at);
    memory.put("usageBytes", usage);
    memory.put("workingSetBytes", workingSet);
    return memory;
  }

  private static String second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private NodeUsage nodeUsage() throws RefusedException {
    try {
      return NodeUsage.of(proc, time.instant());
    } catch (IOException e) {
      throw new RefusedException(
          HttpResponseStatus.INTERNAL_SERVER_ERROR,
          "what the worker uses cannot be read from %s: %s".formatted(proc, e.getMessage()));
    }
  }

  private List<Used> used() throws RefusedException {
    DebugPods service = containers.service();
    List<Used> all = new ArrayList<>();
    for (Pod pod : service.pods()) {
      if (pod.getStatus() == null) {
        continue;
      }
      for (ContainerStatus status : pod.getStatus().getContainerStatuses()) {
        used(service, pod.getMetadata(), status).ifPresent(all::add);
      }
    }
    return all;
  }

  private static Optional<Used> used(DebugPods service, ObjectMeta pod, ContainerStatus status) {
    if (status.getState() == null || status.getState().getRunning() == null) {
      return Optional.empty();
    }
    Optional<DebugContainer> container =
        service.container(pod.getNamespace(), pod.getName(), pod.getUid(), status.getName());
    Instant started = Instant.parse(status.getState().getRunning().getStartedAt());
    return container.flatMap(
        found -> found.usage().map(usage -> new Used(found.id(), pod, status, started, usage)));
  }

  /** The same in Prometheus' text format, with the time of each sample. */
  String metrics() throws RefusedException {
    NodeUsage usage = nodeUsage();
    List<Used> used = used();
    ResourceMetrics page = new ResourceMetrics(usage.at());
    page.metric("container_cpu_usage_seconds_total", "counter", "Processor time of a container.");
    used.forEach(one -> page.sample(labels(one), seconds(one.usage().cpuNanos())));
    page.metric("container_memory_working_set_bytes", "gauge", "Working set of a container.");
    used.forEach(one -> page.sample(labels(one), one.usage().workingSetBytes()));
    page.metric("container_start_time_seconds", "gauge", "When a container was started.");
    used.forEach(one -> page.untimed(labels(one), one.started().getEpochSecond()));
    page.metric("node_cpu_usage_seconds_total", "counter", "Processor time of the node.");
    page.sample("", seconds(usage.cpuNanos()));
    page.metric("node_memory_working_set_bytes", "gauge", "Working set of the node.");
    page.sample("", usage.workingSetBytes());
    page.metric("pod_cpu_usage_seconds_total", "counter", "Processor time of a pod.");
    used.forEach(one -> page.sample(podLabels(one), seconds(one.usage().cpuNanos())));
    page.metric("pod_memory_working_set_bytes", "gauge", "Working set of a pod.");
    used.forEach(one -> page.sample(podLabels(one), one.usage().workingSetBytes()));
    page.metric("resource_scrape_error", "gauge", "1 if a sample could not be had, else 0.");
    page.untimed("", 0);
    page.metric("scrape_error", "gauge", "The same under its older name.");
    page.untimed("", 0);
    return page.text();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static String podLabels(Used used) {
    return "namespace=\"%s\",pod=\"%s\"".formatted(used.pod().getNamespace(), used.pod().getName());
  }

  private static String labels(Used used) {
    return "container=\"%s\",%s".formatted(used.status().getName(), podLabels(used));
  }
}
