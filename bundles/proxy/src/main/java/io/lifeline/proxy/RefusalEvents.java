package io.lifeline.proxy;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.NodeDebug;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a refusal as an Event on the NodeDebug it is about: once, and again when the reason
 * changes or some minutes have passed, because an agent asks every few seconds. Any thread.
 */
final class RefusalEvents {

  private static final Logger LOG = LoggerFactory.getLogger(RefusalEvents.class);
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final int MOST_REMEMBERED = 1_000;

  private record Told(Answer.Reason reason, Instant at) {}

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<String, Told> told = new ConcurrentHashMap<>();

  RefusalEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void refused(NodeDebug nd, Answer.Refused refused) {
    Instant at = clock.instant();
    if (told.size() > MOST_REMEMBERED) {
      told.clear();
    }
    Told before = told.put(nd.getMetadata().getUid(), new Told(refused.reason(), at));
    if (before != null
        && before.reason() == refused.reason()
        && at.isBefore(before.at().plus(AGAIN))) {
      told.put(nd.getMetadata().getUid(), before);
      return;
    }
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
