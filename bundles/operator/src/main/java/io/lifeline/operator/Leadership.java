package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator leads: whoever renews the Lease {@code lifeline-operator}. The clocks of two nodes
 * are never compared: a Lease is over when it did not change for its life, as seen from here (the
 * way of client-go's leaderelection).
 *
 * <p>Any thread.
 */
final class Leadership {

  static final String LEASE = "lifeline-operator";

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final String namespace;
  private final String identity;
  private final Duration life;
  private final Clock clock;
  private final LongSupplier nanos;

  private String seen = "";
  private long seenAt;
  private boolean away;
  private long awayUntil;
  private volatile boolean held;
  private volatile long renewedAt;

  Leadership(
      KubernetesClient client,
      String namespace,
      String identity,
      Duration life,
      Clock clock,
      LongSupplier nanos) {
    this.client = client;
    this.namespace = namespace;
    this.identity = identity;
    this.life = life;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Whether this one leads, and may go on for a third of the life at least. */
  boolean holds() {
    return held && nanos.getAsLong() - renewedAt < life.toNanos() * 2 / 3;
  }

  /** Takes or renews the Lease, if it can. Called every few seconds. */
  synchronized void step() {
    long now = nanos.getAsLong();
    if (away && now - awayUntil < 0) {
      return;
    }
    away = false;
    boolean before = held;
    try {
      held = tried(now);
      if (held) {
        renewedAt = now;
      }
    } catch (KubernetesClientException e) {
      // Somebody else was quicker, or nobody can be asked: what is held runs out by itself.
      if (e.getCode() == 409) {
        held = false;
      }
      LOG.debug("the Lease {} could not be renewed: {}", LEASE, Why.of(e));
    }
    if (held != before) {
      LOG.info(held ? "{} leads from now on" : "{} does not lead any more", identity);
    }
  }

  private boolean tried(long now) {
    Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
    if (lease == null) {
      client.resource(leaseOf(new LeaseBuilder().build(), 0)).create();
      return true;
    }
    LeaseSpec spec = lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
    String holder = Optional.ofNullable(spec.getHolderIdentity()).orElse("");
    String content = holder + " " + Objects.toString(spec.getRenewTime());
    if (!content.equals(seen)) {
      seen = content;
      seenAt = now;
    }
    boolean ours = holder.equals(identity);
    boolean over = holder.isEmpty() || now - seenAt > life.toNanos();
    if (!ours && !over) {
      return false;
    }
    int transitions = Optional.ofNullable(spec.getLeaseTransitions()).orElse(0);
    // With the resourceVersion it was read with: of two who try, one gets a conflict.
    client.resource(leaseOf(lease, ours ? transitions : transitions + 1)).update();
    return true;
  }

  private Lease leaseOf(Lease lease, int transitions) {
    ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    return new LeaseBuilder(lease)
        .editOrNewMetadata()
        .withName(LEASE)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(identity)
        .withLeaseDurationSeconds(Math.toIntExact(life.toSeconds()))
        .withRenewTime(now)
        .withAcquireTime(now)
        .withLeaseTransitions(transitions)
        .endSpec()
        .build();
  }

  /**
   * Gives the Lease up to whoever takes it. When nobody has within its life, this one may again.
   */
  synchronized void giveUp() {
    release();
    away = true;
    awayUntil = nanos.getAsLong() + life.toNanos();
  }

  /** Gives the Lease up, so that the next one need not wait. */
  synchronized void release() {
    if (!held) {
      return;
    }
    held = false;
    try {
      client
          .leases()
          .inNamespace(namespace)
          .withName(LEASE)
          .edit(
              lease -> {
                if (identity.equals(lease.getSpec().getHolderIdentity())) {
                  lease.getSpec().setHolderIdentity("");
                }
                return lease;
              });
    } catch (KubernetesClientException e) {
      LOG.debug("the Lease {} could not be given up: {}", LEASE, Why.of(e));
    }
  }
}
