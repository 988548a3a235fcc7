package io.lifeline.proxy;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.NodeDebug;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a refusal as an Event on the NodeDebug it is about, unless it {@link Repeats} itself. Any
 * thread.
 */
final class RefusalEvents {

  private static final Logger LOG = LoggerFactory.getLogger(RefusalEvents.class);

  private final KubernetesClient client;
  private final Clock clock;
  private final Repeats repeats = new Repeats(System::nanoTime);

  RefusalEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void refused(NodeDebug nd, Answer.Refused refused) {
    if (!repeats.isNews(nd.getMetadata().getUid(), refused.reason())) {
      return;
    }
    Instant at = clock.instant();
    String now = at.truncatedTo(ChronoUnit.SECONDS).toString();
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName(
                "%s.%x%09x".formatted(nd.getMetadata().getUid(), at.getEpochSecond(), at.getNano()))
            .withNamespace("default")
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(nd.getApiVersion())
            .withKind(nd.getKind())
            .withName(nd.getMetadata().getName())
            .withUid(nd.getMetadata().getUid())
            .endInvolvedObject()
            .withType("Warning")
            .withReason("BootstrapRefused")
            .withMessage("%s: %s".formatted(refused.reason(), refused.message()))
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent("lifeline-proxy")
            .endSource()
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn("the Event about a refusal could not be created: {}", e.getMessage());
    }
  }
}
