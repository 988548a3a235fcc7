package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people what happened: as an Event on the object, and in the log, in the same words. */
public final class Announcer {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  /** Where the Events of cluster-scoped objects are. */
  private static final String NAMESPACE = "default";

  private final KubernetesClient client;
  private final Clock clock;

  public Announcer(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Something went as it should. */
  public void normal(HasMetadata about, String reason, String message) {
    LOG.info("{} {}: {}: {}", about.getKind(), about.getMetadata().getName(), reason, message);
    event(about, "Normal", reason, message);
  }

  /** Something was refused, or needs somebody. */
  public void warning(HasMetadata about, String reason, String message) {
    LOG.warn("{} {}: {}: {}", about.getKind(), about.getMetadata().getName(), reason, message);
    event(about, "Warning", reason, message);
  }

  private void event(HasMetadata about, String type, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    Event event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name(about, clock.instant()))
            .withNamespace(NAMESPACE)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withName(about.getMetadata().getName())
            .withUid(about.getMetadata().getUid())
            .endInvolvedObject()
            .withType(type)
            .withReason(reason)
            .withMessage(message.length() > 1024 ? message.substring(0, 1024) : message)
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent("lifeline-operator")
            .endSource()
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.warn("the Event above could not be created: {}", Why.of(e));
    }
  }

  private static String name(HasMetadata about, Instant now) {
    String object = about.getMetadata().getName();
    // A name has at most 253 characters.
    return "%s.%x%09x"
        .formatted(
            object.length() > 220 ? object.substring(0, 220) : object,
            now.getEpochSecond(),
            now.getNano());
  }
}
