package io.lifeline.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the bundles' manifests tell the framework. */
class ManifestsTest {

  @Test
  void noImplementationExportsAPackage() throws IOException {
    Set<String> exporting = new TreeSet<>();
    for (String bundle : Bundles.implementations()) {
      if (header(bundle, "Export-Package") != null) {
        exporting.add(bundle);
      }
    }

    assertThat(Bundles.implementations()).hasSizeGreaterThanOrEqualTo(15);
    assertThat(exporting).as("a bundle that exports has wires, and its replacement cuts").isEmpty();
  }

  @Test
  void contractsExportWithVersions() throws IOException {
    for (String contract : Bundles.CONTRACTS) {
      assertThat(header(contract, "Export-Package"))
          .as(contract)
          .contains("io.lifeline." + contract + ";")
          .contains("version=");
    }
  }

  @Test
  void theFolderIsTheSymbolicName() throws IOException {
    for (String bundle : Bundles.all()) {
      assertThat(header(bundle, "Bundle-SymbolicName")).isEqualTo("io.lifeline." + bundle);
    }
  }

  @Test
  void noImplementationImportsWhatAnotherHas() throws IOException {
    Set<String> implementations =
        Bundles.implementations().stream()
            .map(bundle -> "io.lifeline." + bundle)
            .collect(Collectors.toSet());
    for (String bundle : Bundles.all()) {
      String imports = header(bundle, "Import-Package");
      if (imports != null) {
        assertThat(Arrays.stream(imports.split("[,;]")).map(String::strip))
            .as(bundle)
            .doesNotContainAnyElementsOf(implementations);
      }
    }
  }

  private static String header(String bundle, String name) throws IOException {
    Path manifest =
        Bundles.FOLDER
            .resolve(bundle)
            .resolve(Path.of("target", "classes", "META-INF", "MANIFEST.MF"));
    try (InputStream in = Files.newInputStream(manifest)) {
      return new Manifest(in).getMainAttributes().getValue(name);
    }
  }
}
