package io.lifeline.node.upgrade;

import io.lifeline.node.api.AgentUpgrade;
import io.lifeline.node.api.UpgradeException;
import io.lifeline.session.api.SessionEngine;
import io.lifeline.session.api.SessionInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Upgrades by the framework alone. One caller at a time; the others wait. */
final class BundleUpgrade implements AgentUpgrade {

  private static final Logger LOG = LoggerFactory.getLogger(BundleUpgrade.class);
  private static final Comparator<Part> ORDER =
      Comparator.comparing(Part::symbolicName, Names.order());

  private record Planned(Plan plan, List<Part> parts) {}

  private final BundleContext framework;
  private final Path folder;
  private final Kept kept;
  private final Swap swap;
  private @Nullable Planned planned;

  /**
   * @param framework the system bundle's context, which is never replaced
   * @param folder where copies are kept
   */
  BundleUpgrade(BundleContext framework, Path folder, UpgradeSettings settings) {
    this.framework = framework;
    this.folder = folder;
    this.kept = new Kept(folder.resolve("previous"));
    this.swap = new Swap(framework, settings.up());
  }

  @Override
  public String running() {
    return Running.version(framework);
  }

  @Override
  public List<String> versions() {
    List<String> versions = new ArrayList<>(List.of(running()));
    try {
      kept.version().ifPresent(versions::add);
    } catch (UpgradeException e) {
      LOG.warn("{}", e.getMessage());
    }
    return versions;
  }

  @Override
  public synchronized Plan plan(Path release, String pin) throws UpgradeException {
    planned = null;
    Release checked = Release.read(release, pin, folder.resolve("next"));
    List<Part> parts = new ArrayList<>();
    for (Part part : checked.parts()) {
      if (part.exports()) {
        throw new UpgradeException(
            "%s is a contract or a library, and those are not replaced while the agent runs: leave it out of the release, or start the agent anew with that release"
                .formatted(part.symbolicName()));
      }
      Running.bundle(framework, part.symbolicName())
          .filter(bundle -> !bundle.getVersion().equals(part.version()))
          .ifPresent(bundle -> parts.add(part));
    }
    parts.sort(ORDER);
    new Fit(framework).check(parts);
    Plan plan =
        new Plan(
            checked.version().toString(),
            release,
            parts.stream().map(Part::symbolicName).toList(),
            effects(parts));
    planned = new Planned(plan, List.copyOf(parts));
    return plan;
  }

  private List<String> effects(List<Part> parts) {
    List<String> effects = new ArrayList<>();
    parts.stream()
        .map(part -> Names.effect(part.symbolicName()))
        .filter(effect -> !effect.isEmpty())
        .forEach(effects::add);
    List<String> open =
        Standing.asked(
                framework,
                SessionEngine.class,
                engine -> engine.sessions().stream().map(SessionInfo::id).toList())
            .orElse(List.of());
    if (!effects.isEmpty() && !open.isEmpty()) {
      effects.add(
          "%d sessions are open and go on: %s".formatted(open.size(), String.join(", ", open)));
    }
    return effects;
  }

  @Override
  public synchronized void apply(Plan plan) throws UpgradeException, InterruptedException {
    Planned now = planned;
    planned = null;
    if (now == null || !now.plan().equals(plan)) {
      throw new UpgradeException(
          "this plan is not the last one that was made: plan it again, nothing was touched");
    }
    if (now.parts().isEmpty()) {
      return;
    }
    LOG.info("upgrade from {} to {}: {}", running(), plan.version(), plan.replaced());
    Map<String, Part> before = kept.take(framework, now.parts());
    swap.replace(now.parts(), before);
    kept.commit();
    LOG.info("{} runs", running());
  }

  @Override
  public synchronized String rollback() throws UpgradeException, InterruptedException {
    Optional<String> version = kept.version();
    if (version.isEmpty()) {
      throw new UpgradeException(
          "there is nothing to go back to: this process was not upgraded since it started, or was"
              + " rolled back already");
    }
    planned = null;
    List<Part> parts = kept.parts();
    parts.sort(ORDER);
    LOG.info("rollback from {} to {}", running(), version.get());
    // Should that fail, what runs now runs again.
    Kept present = new Kept(folder.resolve("present"));
    swap.replace(parts, present.take(framework, parts));
    kept.forget();
    return running();
  }
}
