package io.lifeline.node.upgrade;

import io.lifeline.node.api.UpgradeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces bundles one after the other, and each only when all is up again after the last.
 *
 * <p>By {@link Bundle#update}: nobody is wired to an implementation, so the framework lets go of
 * the old revision at once and refreshes no other bundle. What still runs in the old one keeps its
 * class loader alive, and nothing else does.
 */
final class Swap {

  private static final Logger LOG = LoggerFactory.getLogger(Swap.class);
  private static final long LOOK_MILLIS = 10;

  private final BundleContext framework;
  private final Duration within;

  Swap(BundleContext framework, Duration within) {
    this.framework = framework;
    this.within = within;
  }

  /**
   * @param parts in the order of their replacing
   * @param before what each part's name stood for before
   * @throws UpgradeException when one did not come up; all are what they were before
   */
  void replace(List<Part> parts, Map<String, Part> before)
      throws UpgradeException, InterruptedException {
    awaitSettled();
    Deque<Part> done = new ArrayDeque<>();
    try {
      for (Part part : parts) {
        done.push(before(before, part));
        replace(part);
      }
    } catch (UpgradeException e) {
      String undone = putBack(done);
      throw new UpgradeException(e.getMessage() + ". " + undone, e);
    } catch (InterruptedException e) {
      LOG.warn("the upgrade was interrupted. {}", putBack(done));
      throw e;
    }
  }

  private static Part before(Map<String, Part> before, Part part) {
    Part kept = before.get(part.symbolicName());
    if (kept == null) {
      throw new IllegalStateException("nothing was kept of " + part.symbolicName());
    }
    return kept;
  }

  private String putBack(Deque<Part> done) {
    StringBuilder failed = new StringBuilder();
    String version = "";
    for (Part part : done) {
      version = part.version().toString();
      try {
        replace(part);
      } catch (UpgradeException e) {
        failed.append("; ").append(e.getMessage());
      } catch (InterruptedException e) {
        // It is put back, whoever waits for it.
        LOG.warn("interrupted while {} was put back", part.symbolicName());
      }
    }
    return failed.length() == 0
        ? "It was rolled back: %s runs as before".formatted(version)
        : "It could not be rolled back whole%s: start the agent anew".formatted(failed);
  }

  private void replace(Part part) throws UpgradeException, InterruptedException {
    Bundle bundle =
        Running.bundle(framework, part.symbolicName())
            .orElseThrow(() -> new UpgradeException(part.symbolicName() + " is not here any more"));
    Standing before = Standing.now(framework);
    // Before it stops: what is loaded then need not be while somebody waits.
    ClassKeeper.load(bundle);
    long began = System.nanoTime();
    try (InputStream in = Files.newInputStream(part.jar())) {
      bundle.update(in);
      bundle.start(Bundle.START_TRANSIENT);
    } catch (BundleException | IOException | RuntimeException e) {
      throw new UpgradeException(
          "%s %s does not start: %s".formatted(part.symbolicName(), part.version(), e.getMessage()),
          e);
    }
    String lacking = before.lacking(framework, bundle);
    while (!lacking.isEmpty()) {
      if (System.nanoTime() - began > within.toNanos()) {
        throw new UpgradeException(
            "%s %s is not up after %d s: %s"
                .formatted(part.symbolicName(), part.version(), within.toSeconds(), lacking));
      }
      Thread.sleep(LOOK_MILLIS);
      lacking = before.lacking(framework, bundle);
    }
    LOG.info(
        "{} {} is up after {} ms",
        part.symbolicName(),
        part.version(),
        (System.nanoTime() - began) / 1_000_000);
  }

  private void awaitSettled() throws UpgradeException, InterruptedException {
    long began = System.nanoTime();
    Standing now = Standing.now(framework);
    while (!now.settled()) {
      if (System.nanoTime() - began > within.toNanos()) {
        throw new UpgradeException(
            "a rescue is in the phase %s: nothing was touched; try again when it serves, or is over"
                .formatted(now.phase().map(Enum::name).orElse("")));
      }
      Thread.sleep(LOOK_MILLIS);
      now = Standing.now(framework);
    }
  }
}
