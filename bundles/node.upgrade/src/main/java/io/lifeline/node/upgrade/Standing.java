package io.lifeline.node.upgrade;

import io.lifeline.node.api.Rescue;
import io.lifeline.node.api.RescuePhase;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/**
 * Which components are up, and how far the rescue is. Services are taken and given back for each
 * look, in the framework's own name: who looks may be replaced in the meantime.
 *
 * @param up bundle and component of each that is satisfied
 * @param settled whether no step of a rescue is under way
 */
record Standing(Set<String> up, boolean settled, Optional<RescuePhase> phase) {

  static Standing now(BundleContext framework) {
    Set<String> up = new TreeSet<>();
    for (Bundle bundle : framework.getBundles()) {
      if (Names.isOurs(bundle)) {
        up.addAll(components(framework, bundle, true));
      }
    }
    return new Standing(
        up,
        asked(framework, Rescue.class, Rescue::settled).orElse(true),
        asked(framework, Rescue.class, Rescue::phase));
  }

  /**
   * What is not as it was: empty when all is up again.
   *
   * @param replaced whose components may be others now, and must all be up
   */
  String lacking(BundleContext framework, Bundle replaced) {
    Standing now = now(framework);
    Set<String> missing = new TreeSet<>(up);
    missing.removeIf(name -> name.startsWith(replaced.getSymbolicName() + "/"));
    missing.addAll(components(framework, replaced, false));
    missing.removeAll(now.up());
    if (!missing.isEmpty()) {
      return missing.stream()
          .map(name -> name + why(framework, name))
          .collect(Collectors.joining("; "));
    }
    return now.settled() ? "" : "the rescue has not settled: " + now.phase();
  }

  private static String why(BundleContext framework, String name) {
    for (Bundle bundle : framework.getBundles()) {
      if (Names.isOurs(bundle) && name.startsWith(bundle.getSymbolicName() + "/")) {
        return asked(framework, ServiceComponentRuntime.class, scr -> why(scr, bundle, name))
            .orElse("");
      }
    }
    return "";
  }

  private static String why(ServiceComponentRuntime scr, Bundle bundle, String name) {
    StringBuilder why = new StringBuilder();
    for (ComponentDescriptionDTO description : scr.getComponentDescriptionDTOs(bundle)) {
      if (name.endsWith("/" + description.name)) {
        for (ComponentConfigurationDTO found : scr.getComponentConfigurationDTOs(description)) {
          for (UnsatisfiedReferenceDTO reference : found.unsatisfiedReferences) {
            why.append(" lacks ").append(reference.name);
          }
          if (found.failure != null) {
            why.append(": ").append(found.failure.lines().findFirst().orElse(""));
          }
        }
      }
    }
    return why.toString();
  }

  private static Set<String> components(BundleContext framework, Bundle bundle, boolean upOnly) {
    return asked(framework, ServiceComponentRuntime.class, scr -> components(scr, bundle, upOnly))
        .orElse(Set.of());
  }

  private static Set<String> components(
      ServiceComponentRuntime scr, Bundle bundle, boolean upOnly) {
    Set<String> names = new TreeSet<>();
    for (ComponentDescriptionDTO description : scr.getComponentDescriptionDTOs(bundle)) {
      boolean up =
          scr.getComponentConfigurationDTOs(description).stream()
              .anyMatch(
                  found ->
                      found.failure == null
                          && (found.state == ComponentConfigurationDTO.ACTIVE
                              || found.state == ComponentConfigurationDTO.SATISFIED));
      if (up || !upOnly) {
        names.add(bundle.getSymbolicName() + "/" + description.name);
      }
    }
    return names;
  }

  /** Asks a service, if it is there. */
  static <S, A> Optional<A> asked(
      BundleContext framework, Class<S> type, Function<S, @Nullable A> question) {
    ServiceReference<S> reference = framework.getServiceReference(type);
    S service = reference == null ? null : framework.getService(reference);
    if (service == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(question.apply(service));
    } finally {
      framework.ungetService(reference);
    }
  }
}
