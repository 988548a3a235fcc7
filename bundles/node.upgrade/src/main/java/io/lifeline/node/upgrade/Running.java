package io.lifeline.node.upgrade;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;

/** The implementation bundles that are here. */
final class Running {

  private Running() {}

  static Optional<Bundle> bundle(BundleContext framework, String symbolicName) {
    return implementations(framework).stream()
        .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
        .findFirst();
  }

  static List<Bundle> implementations(BundleContext framework) {
    return Arrays.stream(framework.getBundles())
        .filter(Names::isOurs)
        .filter(Running::exportsNothing)
        .toList();
  }

  private static boolean exportsNothing(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision == null
        || revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).isEmpty();
  }

  /** Their version; when they have several, all of them. */
  static String version(BundleContext framework) {
    return implementations(framework).stream()
        .map(Bundle::getVersion)
        .distinct()
        .sorted()
        .map(Object::toString)
        .collect(Collectors.joining(", "));
  }
}
