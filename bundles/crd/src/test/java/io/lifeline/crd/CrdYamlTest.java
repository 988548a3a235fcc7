package io.lifeline.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrdYamlTest {

  private static final Path KEPT = Path.of(System.getProperty("lifeline.crd.file"));

  private static final List<String> COLUMNS =
      List.of("Worker", "Phase", "Approve", "Backup Node", "Certificate ends", "Sessions", "Age");

  @TempDir Path directory;

  /** The generator sorts the columns by path and does not ask for a spec. */
  private static final class Finish implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata generated, String version) {
      CustomResourceDefinition crd = (CustomResourceDefinition) generated;
      CustomResourceDefinitionVersion only = crd.getSpec().getVersions().get(0);
      only.getSchema().getOpenAPIV3Schema().setRequired(List.of("spec"));
      only.setAdditionalPrinterColumns(
          only.getAdditionalPrinterColumns().stream()
              .sorted(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())))
              .toList());
      return crd;
    }
  }

  private String generated() throws IOException {
    new CRDGenerator()
        .withPostProcessor(new Finish())
        .inOutputDir(directory.toFile())
        .forCRDVersions("v1")
        .customResourceClasses(NodeDebug.class)
        .detailedGenerate();
    return Files.readString(directory.resolve("nodedebugs.lifeline.io-v1.yml"));
  }

  @Test
  void theManifestIsWhatTheClassesSay() throws IOException {
    String generated = generated();
    if (Boolean.getBoolean("lifeline.crd.write")) {
      Files.writeString(KEPT, generated);
    }
    assertThat(KEPT)
        .as(
            "container/manifests/10-crd.yaml is out of date: mvn -pl bundles/crd -am package"
                + " -Dlifeline.crd.write=true writes it")
        .content()
        .isEqualTo(generated);
  }

  /**
   * kubectl refuses the field when the API server is older than 1.23: policies.yaml has the rules.
   */
  @Test
  void thereAreNoRulesThatOldApiServersDoNotKnow() throws IOException {
    assertThat(generated()).doesNotContain("x-kubernetes-validations");
  }

  @Test
  void theSchemaRefusesWhatIsWrong() throws IOException {
    CustomResourceDefinition crd =
        new KubernetesSerialization().unmarshal(generated(), CustomResourceDefinition.class);
    assertThat(crd.getSpec().getScope()).isEqualTo("Cluster");
    assertThat(crd.getSpec().getNames().getShortNames()).containsExactly("nd");
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
    assertThat(version.getSubresources().getStatus()).isNotNull();
    assertThat(version.getAdditionalPrinterColumns())
        .extracting(column -> column.getName())
        .containsExactlyElementsOf(COLUMNS);
    JSONSchemaProps schema = version.getSchema().getOpenAPIV3Schema();
    assertThat(schema.getRequired()).containsExactly("spec");
    JSONSchemaProps spec = schema.getProperties().get("spec");
    assertThat(spec.getRequired()).containsExactly("workerName");
    JSONSchemaProps workerName = spec.getProperties().get("workerName");
    assertThat(workerName.getPattern()).isEqualTo(NodeDebugSpec.DNS_1123);
    assertThat(workerName.getMaxLength()).isEqualTo(NodeDebugSpec.WORKER_NAME_MAX);
  }
}
