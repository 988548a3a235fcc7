package io.lifeline.node.rollout;

import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.UpgradeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One upgrade, from the wish to what runs. Blocks; one thread. */
final class Upgrade {

  private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
  private static final Duration SERVICE = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final ReleaseStore store;
  private final Duration fetchLimit;
  private final Supplier<AgentUpgrade> service;
  private final Handover handover;
  private final Duration pause;

  /**
   * @param service throws {@link IllegalStateException} while there is none
   * @param pause before fetching is tried again, at first
   */
  Upgrade(
      ReleaseStore store,
      Duration fetchLimit,
      Supplier<AgentUpgrade> service,
      Handover handover,
      Duration pause) {
    this.store = store;
    this.fetchLimit = fetchLimit;
    this.service = service;
    this.handover = handover;
    this.pause = pause;
  }

  /**
   * Does it.
   *
   * @throws RefusedException when it cannot be; what ran before runs
   */
  void run(Wish wish) throws RefusedException, InterruptedException {
    try {
      Path folder = folder(wish);
      AgentUpgrade upgrade = service();
      AgentUpgrade.Plan plan = upgrade.plan(folder, wish.pin());
      if (!plan.version().equals(wish.version())) {
        throw new RefusedException(
            "the release that was asked for as %s is %s".formatted(wish.version(), plan.version()));
      }
      LOG.info("upgrading to {}: {}", plan.version(), plan.effects());
      // Before: what this class calls afterwards is loaded already, for it may be a replaced
      // bundle's.
      store.keepOnly(wish.version());
      handover.begin();
      try {
        upgrade.apply(plan);
      } catch (UpgradeException | RuntimeException | LinkageError e) {
        // Before the end: the next instance, if there is one, waits for that and looks then.
        handover.leave(reason(e));
        throw new RefusedException(reason(e));
      } finally {
        handover.end();
      }
    } catch (UpgradeException | IOException | IllegalStateException e) {
      throw new RefusedException(reason(e));
    }
  }

  private static String reason(Throwable e) {
    return Objects.toString(e.getMessage(), e.toString());
  }

  /** It may start a moment after this bundle. */
  private AgentUpgrade service() throws InterruptedException {
    long end = System.nanoTime() + SERVICE.toNanos();
    while (true) {
      try {
        return service.get();
      } catch (IllegalStateException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
      }
      Thread.sleep(pause.toMillis());
    }
  }

  private Path folder(Wish wish) throws RefusedException, InterruptedException {
    long end = System.nanoTime() + fetchLimit.toNanos();
    Duration wait = pause;
    while (true) {
      String why;
      try {
        Optional<Path> here = store.here(wish);
        return here.isPresent() ? here.get() : store.fetch(wish);
      } catch (CredentialException | IOException | IllegalStateException e) {
        why = reason(e);
      }
      // A proxy that is just being started, or still that of the image before.
      if (System.nanoTime() + wait.toNanos() - end > 0) {
        throw new RefusedException(
            "the release %s could not be fetched in %d s: %s"
                .formatted(wish.version(), fetchLimit.toSeconds(), why));
      }
      LOG.info("the release {} is not here yet: {}", wish.version(), why);
      Thread.sleep(wait.toMillis());
      wait =
          wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
    }
  }
}
