package io.lifeline.debugpod;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the desk says to the API server about pods. Never throws: the next look tries again. */
final class PodCluster {

  private static final Logger LOG = LoggerFactory.getLogger(PodCluster.class);

  private final KubernetesClient client;
  private final String nodeName;
  private final InstantSource time;

  PodCluster(KubernetesClient client, String nodeName, InstantSource time) {
    this.time = time;
    this.client = client;
    this.nodeName = nodeName;
  }

  /** Statuses by the same clock as the events. */
  PodStatusText text(String address) {
    return new PodStatusText(address, time);
  }

  /** The pods bound to the backup node, and nothing else. */
  List<Pod> list() {
    return client.pods().inAnyNamespace().withField("spec.nodeName", nodeName).list().getItems();
  }

  /** By PATCH: a node identity may not GET a pod's status. */
  void status(Pod pod, PodStatus status) {
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .subresource("status")
          .patch(
              PatchContext.of(PatchType.STRATEGIC_MERGE),
              client
                  .getKubernetesSerialization()
                  .asJson(
                      Map.of(
                          // The UID keeps a status from landing on a namesake made meanwhile.
                          "metadata",
                          Map.of("uid", pod.getMetadata().getUid()),
                          "status",
                          status)));
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404 && e.getCode() != 409) {
        LOG.warn("the status of pod {} cannot be told: {}", name(pod), e.getMessage());
      }
    }
  }

  /** The kubelet's own last step: a deletion with no grace is what removes the object. */
  void remove(Pod pod) {
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .withGracePeriod(0)
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    } catch (KubernetesClientException e) {
      LOG.warn("pod {} cannot be deleted: {}", name(pod), e.getMessage());
    }
  }

  void event(Pod pod, String type, String reason, String message) {
    String now = PodStatusText.now(time);
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName(
                pod.getMetadata().getName() + "." + UUID.randomUUID().toString().substring(0, 8))
            .withNamespace(pod.getMetadata().getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion("v1")
            .withKind("Pod")
            .withName(pod.getMetadata().getName())
            .withNamespace(pod.getMetadata().getNamespace())
            .withUid(pod.getMetadata().getUid())
            .endInvolvedObject()
            .withType(type)
            .withReason(reason)
            .withMessage(message)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource("lifeline", nodeName)
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn("the event '{}' on pod {} cannot be told: {}", message, name(pod), e.getMessage());
    }
  }

  static String name(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }
}
