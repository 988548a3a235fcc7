package io.lifeline.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.lifeline.node.api.DebugPods;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsTest {

  @TempDir Path proc;
  private Stats stats;

  @BeforeEach
  void worker() throws Exception {
    Files.writeString(
        proc.resolve("stat"),
        """
        cpu  1000 20 300 99999 77 6 5 4 900 0
        cpu0 1 2 3 4 5 6 7 8 9 0
        btime 1795341600
        processes 7
        """);
    Files.writeString(
        proc.resolve("meminfo"),
        """
        MemTotal:       10000 kB
        MemFree:         4000 kB
        MemAvailable:    7000 kB
        Inactive(file):  1000 kB
        AnonPages:       2000 kB
        HugePages_Total:    0
        """);
    Files.writeString(proc.resolve("loadavg"), "0.10 0.20 0.30 2/345 6789\n");
    Files.createDirectories(proc.resolve("sys/kernel"));
    Files.writeString(proc.resolve("sys/kernel/pid_max"), "32768\n");
    Seam<DebugPods> pods = Seam.of(DebugPods.class, "io.lifeline.debugpod");
    pods.bind(new FakeNode());
    stats = new Stats("w2-debug", proc, new Containers(pods), InstantSource.system());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @Test
  void theSummaryHasWhatMetricsServerReads() throws Exception {
    Map<String, Object> summary = map(Serialization.unmarshal(stats.summary(), Map.class));
    Map<String, Object> node = map(summary.get("node"));
    assertThat(node)
        .containsEntry("nodeName", "w2-debug")
        .containsEntry("startTime", "2026-11-22T10:00:00Z")
        .containsKeys("systemContainers");
    assertThat(Instant.parse((String) map(node.get("cpu")).get("time")))
        .isAfter(Instant.now().minusSeconds(10));
    assertThat(map(node.get("cpu"))).containsEntry("usageCoreNanoSeconds", 13_350_000_000L);
    assertThat(map(node.get("memory")))
        .containsEntry("usageBytes", 6000 * 1024)
        .containsEntry("workingSetBytes", 5000 * 1024)
        .containsEntry("availableBytes", 5000 * 1024)
        .containsEntry("rssBytes", 2000 * 1024);
    assertThat(map(node.get("rlimit")))
        .containsEntry("maxpid", 32768)
        .containsEntry("curproc", 345);
    Map<String, Object> pod = map(((List<?>) summary.get("pods")).get(0));
    assertThat(map(pod.get("podRef")))
        .containsEntry("name", "debug")
        .containsEntry("namespace", "default")
        .containsEntry("uid", "u-1");
    Map<String, Object> container = map(((List<?>) pod.get("containers")).get(0));
    assertThat(container)
        .containsEntry("name", "debugger")
        .containsEntry("startTime", "2026-11-22T10:00:00Z");
    assertThat(map(container.get("cpu"))).containsEntry("usageCoreNanoSeconds", 2_500_000_000L);
    assertThat(map(container.get("memory"))).containsEntry("workingSetBytes", 2000);
  }

  @Test
  void theResourceMetricsHaveEachSampleAndItsTime() throws Exception {
    String page = stats.metrics();
    String pod = "namespace=\"default\",pod=\"debug\"";
    assertThat(page)
        .containsPattern("(?m)^node_cpu_usage_seconds_total 13.35 \\d{13}$")
        .containsPattern("(?m)^node_memory_working_set_bytes 5120000 \\d{13}$")
        .containsPattern(
            "(?m)^container_cpu_usage_seconds_total\\{container=\"debugger\",%s} 2.5 \\d{13}$"
                .formatted(pod))
        .containsPattern("(?m)^pod_memory_working_set_bytes\\{%s} 2000 \\d{13}$".formatted(pod))
        .contains("\ncontainer_start_time_seconds{container=\"debugger\"," + pod + "} 1795341600\n")
        .contains("# TYPE node_cpu_usage_seconds_total counter\n")
        .endsWith("scrape_error 0\n");
  }

  @Test
  void aRateIsWhatCameSinceTheLastLook() {
    CpuRates rates = new CpuRates();
    long second = 1_000_000_000;
    assertThat(rates.rate("node", 0, 10 * second)).isZero();
    assertThat(rates.rate("node", 2 * second, 11 * second)).isEqualTo(second / 2);
    assertThat(rates.rate("node", 2 * second + 5, 11 * second + 7)).isEqualTo(second / 2);
    assertThat(rates.rate("node", 6 * second, 19 * second)).isEqualTo(2 * second);
    assertThat(rates.rate("other", 6 * second, 5)).isZero();
    // The counter began anew.
    assertThat(rates.rate("node", 9 * second, 1)).isZero();
  }

  @Test
  void theKernelOfThisMachineIsUnderstood() throws Exception {
    NodeUsage usage = NodeUsage.of(Path.of("/proc"), Instant.now());
    assertThat(usage.mostThreads()).isGreaterThan(300);
    assertThat(usage.threads()).isBetween(1L, usage.mostThreads());
    assertThat(usage.cpuNanos()).isPositive();
    assertThat(usage.booted()).isBefore(usage.at());
    assertThat(usage.workingSetBytes()).isBetween(1L, usage.usageBytes());
    assertThat(usage.usageBytes()).isLessThan(usage.capacityBytes());
  }

  @Test
  void whatCannotBeReadIsSaid() throws Exception {
    Files.delete(proc.resolve("meminfo"));
    assertThatThrownBy(stats::summary)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("meminfo");
  }
}
