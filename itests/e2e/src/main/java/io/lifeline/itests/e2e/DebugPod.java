package io.lifeline.itests.e2e;

import java.util.EnumSet;
import java.util.Set;

/**
 * A debug pod's manifest: what the backup node accepts, or the same with flaws.
 *
 * @param name the pod's name
 * @param backupNode the Node it is bound to
 * @param flaws what is wrong with it
 */
public record DebugPod(String name, BackupNode backupNode, Set<Flaw> flaws) {

  /** The Node a pod is bound to. */
  public record BackupNode(String name) {}

  /** What can be wrong with a debug pod; each is refused by a check of its own. */
  public enum Flaw {
    NOT_PRIVILEGED,
    NO_HOST_NETWORK,
    NO_HOST_PID,
    OTHER_NAMESPACE,
    ROOT_NOT_AT_HOST,
    NOT_THE_ROOT,
    ANOTHER_VOLUME,
    SIDECAR
  }

  public DebugPod {
    flaws = flaws.isEmpty() ? Set.of() : Set.copyOf(flaws);
  }

  /** What the backup node accepts. */
  public static DebugPod on(String node) {
    return new DebugPod("debug-pod", new BackupNode(node), EnumSet.noneOf(Flaw.class));
  }

  public DebugPod named(String other) {
    return new DebugPod(other, backupNode, flaws);
  }

  public DebugPod with(Flaw flaw) {
    return new DebugPod(name, backupNode, EnumSet.of(flaw));
  }

  public String namespace() {
    return flaws.contains(Flaw.OTHER_NAMESPACE) ? "kube-public" : "default";
  }

  /** For {@code kubectl apply -f -}. */
  public String yaml() {
    String sidecar =
        "\n  - {name: sidecar, image: lifeline.local/none, command: [sleep, infinity]}";
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %s
      namespace: %s
    spec:
      nodeName: %s
      hostNetwork: %s
      hostPID: %s
      tolerations:
      - operator: Exists
      containers:
      - name: debug
        # No image is pulled: the shell is made of the worker's own programs.
        image: lifeline.local/none
        command: [sleep, infinity]
        securityContext: {privileged: %s}
        volumeMounts:
        - {name: host, mountPath: %s}%s
      volumes:
      - name: host
        hostPath: {path: %s}%s
    """
        .formatted(
            name,
            namespace(),
            backupNode.name(),
            !flaws.contains(Flaw.NO_HOST_NETWORK),
            !flaws.contains(Flaw.NO_HOST_PID),
            !flaws.contains(Flaw.NOT_PRIVILEGED),
            flaws.contains(Flaw.ROOT_NOT_AT_HOST) ? "/elsewhere" : "/host",
            flaws.contains(Flaw.SIDECAR) ? sidecar : "",
            flaws.contains(Flaw.NOT_THE_ROOT) ? "/var/log" : "/",
            flaws.contains(Flaw.ANOTHER_VOLUME) ? "\n  - {name: more, emptyDir: {}}" : "");
  }
}
