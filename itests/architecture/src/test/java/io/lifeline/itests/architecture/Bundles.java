package io.lifeline.itests.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bundles of this project: what kind each is, and its classes. */
final class Bundles {

  /** They may be imported by all. */
  static final Set<String> CONTRACTS =
      Set.of(
          "config", "security.api", "session.api", "node.api", "kubelet.api", "crd", "release.api");

  static final String SHARED = "kubernetes";

  static final Path FOLDER = Path.of("..", "..", "bundles");

  /** Ours only: the bundle {@code kubernetes} holds other people's too. */
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> location.contains("io/lifeline/"))
          .withImportOption(location -> !location.contains("/itests/"))
          .importPackages("io.lifeline");

  private Bundles() {}

  /** The folders, each with a pom, below {@code bundles/}. */
  static Set<String> all() {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .map(folder -> folder.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Set<String> implementations() {
    Set<String> implementations = all();
    implementations.removeAll(CONTRACTS);
    implementations.remove(SHARED);
    return implementations;
  }

  static String[] packagesOf(Set<String> bundles) {
    return bundles.stream().map(bundle -> "io.lifeline." + bundle + "..").toArray(String[]::new);
  }

  /** How many classes each bundle has; a bundle without any is there too. */
  static Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    all().forEach(bundle -> counts.put(bundle, 0L));
    CLASSES.stream()
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .forEach(type -> counts.merge(bundleOf(type), 1L, Long::sum));
    return counts;
  }

  private static String bundleOf(JavaClass type) {
    String name = type.getPackageName() + ".";
    return all().stream()
        .filter(bundle -> name.startsWith("io.lifeline." + bundle + "."))
        .findFirst()
        .orElse("(none) " + type.getName());
  }
}
