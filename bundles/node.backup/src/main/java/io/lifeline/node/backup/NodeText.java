package io.lifeline.node.backup;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.lifeline.node.api.RescueEnd;
import io.lifeline.node.api.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the backup Node looks like. Pure, but for reading the machine's own description. */
final class NodeText {

  static final String TAINT = "lifeline.io/debug";
  static final String BACKUP_OF = "lifeline.io/backup-of";
  static final String WITHDRAW = "lifeline.io/withdraw";
  static final String SESSIONS = "lifeline.io/DebugSessions";
  static final String SSH_HOST_KEY = "lifeline.io/SshHostKey";
  static final String ENDS = "lifeline.io/CertificateEnds";

  /** What a label's or a taint's value may have; a Node's name may be longer. */
  private static final int LONGEST_VALUE = 63;

  private final Worker worker;
  private final InstantSource time;

  NodeText(Worker worker, InstantSource time) {
    this.worker = worker;
    this.time = time;
  }

  /** The Node as it is created: NodeRestriction takes its taints now or never. */
  Node created() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(worker.backupName())
        .addToLabels(BACKUP_OF, value(worker.name()))
        .addToLabels("kubernetes.io/hostname", value(worker.backupName()))
        // Without kubernetes.io/os the many DaemonSets that select on it stay away.
        .addToLabels("node.kubernetes.io/exclude-from-external-load-balancers", "true")
        .endMetadata()
        .withNewSpec()
        .withTaints(taint("NoSchedule"), taint("NoExecute"))
        .endSpec()
        .build();
  }

  private Taint taint(String effect) {
    return new Taint(effect, TAINT, null, value(worker.name()));
  }

  private static String value(String name) {
    return name.length() <= LONGEST_VALUE ? name : "";
  }

  /**
   * @param version of the API server, so that nothing takes this node for too old
   * @param webSockets whether the API server may hand kubectl's WebSocket through
   * @param ends when its certificate ends, by the API server's clock
   * @param sshHostKey the fingerprint that whoever comes by SSH must see
   */
  NodeStatus serving(
      String version,
      boolean webSockets,
      String sessions,
      Instant ends,
      Optional<String> sshHostKey) {
    String now = now();
    Map<String, Quantity> room =
        Map.of(
            "pods", new Quantity("1"),
            "cpu", new Quantity("1"),
            "memory", new Quantity("64Mi"));
    NodeStatus status =
        new NodeStatusBuilder()
            .addNewAddress(worker.address(), "InternalIP")
            .addNewAddress(worker.backupName(), "Hostname")
            .withCapacity(room)
            .withAllocatable(room)
            .withNewDaemonEndpoints()
            .withNewKubeletEndpoint(worker.kubeletPort())
            .endDaemonEndpoints()
            .withNewNodeInfo()
            .withArchitecture(architecture())
            .withBootID(line("/proc/sys/kernel/random/boot_id"))
            .withMachineID(line("/etc/machine-id"))
            .withSystemUUID("")
            .withKernelVersion(line("/proc/sys/kernel/osrelease"))
            .withOsImage("Lifeline backup node of " + worker.name())
            .withOperatingSystem("linux")
            .withContainerRuntimeVersion("lifeline://0.1.0")
            .withKubeletVersion(version)
            .withKubeProxyVersion(version)
            .endNodeInfo()
            .withConditions(
                condition("Ready", "True", "LifelineServing", "a debug pod can run here", now),
                condition("MemoryPressure", "False", "Lifeline", "not watched", now),
                condition("DiskPressure", "False", "Lifeline", "not watched", now),
                condition("PIDPressure", "False", "Lifeline", "not watched", now),
                sessions(sessions, now),
                condition(ENDS, "True", "CertificateEnds", ends.toString(), now))
            .build();
    sshHostKey.ifPresent(
        key -> status.getConditions().add(condition(SSH_HOST_KEY, "True", "SshHostKey", key, now)));
    if (webSockets) {
      status.setAdditionalProperty("declaredFeatures", List.of("ExtendWebSocketsToKubelet"));
    }
    return status;
  }

  /** Whether a Node shows itself as Ready. */
  static boolean isReady(Node seen) {
    return seen.getStatus() != null
        && seen.getStatus().getConditions().stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  NodeStatus sessions(String sessions) {
    return new NodeStatusBuilder().withConditions(sessions(sessions, now())).build();
  }

  NodeStatus ended(RescueEnd end) {
    return new NodeStatusBuilder()
        .withConditions(
            condition("Ready", "False", end.reason().condition(), end.detail(), now()),
            sessions("0 sessions", now()))
        .build();
  }

  private static NodeCondition sessions(String sessions, String now) {
    return condition(
        SESSIONS, sessions.startsWith("0 ") ? "False" : "True", "Sessions", sessions, now);
  }

  private static NodeCondition condition(
      String type, String status, String reason, String message, String now) {
    return new NodeConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .build();
  }

  private String now() {
    return time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch", "amd64")) {
      case "aarch64" -> "arm64";
      case "x86_64" -> "amd64";
      default -> System.getProperty("os.arch", "amd64");
    };
  }

  private String line(String path) {
    try {
      return Files.readString(path.startsWith("/proc") ? Path.of(path) : worker.path(path)).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
