package io.lifeline.node.upgrade;

import io.lifeline.node.api.UpgradeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/**
 * Whether a release would resolve here. The framework itself is asked: the bundles are installed
 * beside those that run, never resolved, never started, and uninstalled again. No running bundle is
 * touched by it.
 */
final class Fit {

  private static final String LOCATION = "lifeline-upgrade:";

  private final BundleContext framework;

  Fit(BundleContext framework) {
    this.framework = framework;
  }

  /**
   * @throws UpgradeException names what is missing; when it is of a contract, that a restart is
   *     needed
   */
  void check(List<Part> parts) throws UpgradeException {
    List<Bundle> trials = new ArrayList<>();
    try {
      for (Part part : parts) {
        try (InputStream in = Files.newInputStream(part.jar())) {
          trials.add(framework.installBundle(LOCATION + part.symbolicName(), in));
        }
      }
      for (Bundle trial : trials) {
        check(trial);
      }
    } catch (BundleException | IOException e) {
      throw new UpgradeException(
          "the release cannot be read by the framework, nothing was touched: " + e.getMessage(), e);
    } finally {
      trials.forEach(Fit::uninstall);
    }
  }

  private void check(Bundle trial) throws UpgradeException {
    FrameworkWiring wiring =
        framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    BundleRevision revision = trial.adapt(BundleRevision.class);
    for (BundleRequirement wanted : revision.getDeclaredRequirements(null)) {
      boolean optional =
          Namespace.RESOLUTION_OPTIONAL.equals(
              wanted.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
      if (!optional && wiring.findProviders(wanted).isEmpty()) {
        throw new UpgradeException(missing(trial, wanted));
      }
    }
  }

  private static String missing(Bundle trial, BundleRequirement wanted) {
    String filter =
        wanted
            .getDirectives()
            .getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, wanted.getNamespace());
    String what =
        "%s %s needs what is not here: %s %s"
            .formatted(trial.getSymbolicName(), trial.getVersion(), wanted.getNamespace(), filter);
    return wanted.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)
        ? what
            + ". Contracts and libraries are not replaced while the agent runs: start the agent"
            + " anew with that release. Nothing was touched"
        : what + ". Nothing was touched";
  }

  private static void uninstall(Bundle trial) {
    try {
      trial.uninstall();
    } catch (BundleException e) {
      throw new IllegalStateException("a bundle that never ran cannot be uninstalled", e);
    }
  }
}
