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

  private static final List<String> CONFIG_COLUMNS =
      List.of("Version", "Nodes", "Updated", "Failed", "Message", "Age");

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
              .sorted(Comparator.comparingInt(column -> place(column.getName())))
              .toList());
      return crd;
    }

    private static int place(String column) {
      return Math.max(COLUMNS.indexOf(column), CONFIG_COLUMNS.indexOf(column));
    }
  }

  private String generated(String plural) throws IOException {
    new CRDGenerator()
        .withPostProcessor(new Finish())
        .inOutputDir(directory.toFile())
        .forCRDVersions("v1")
        .customResourceClasses(NodeDebug.class, LifelineConfig.class)
        .detailedGenerate();
    return Files.readString(directory.resolve(plural + ".lifeline.io-v1.yml"));
  }

  private CustomResourceDefinition definition(String plural) throws IOException {
    return new KubernetesSerialization()
        .unmarshal(generated(plural), CustomResourceDefinition.class);
  }

  @Test
  void theManifestIsWhatTheClassesSay() throws IOException {
    String generated = generated("nodedebugs") + "---\n" + generated("lifelineconfigs");
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
    assertThat(generated("nodedebugs") + generated("lifelineconfigs"))
        .doesNotContain("x-kubernetes-validations");
  }

  @Test
  void theSchemaRefusesWhatIsWrong() throws IOException {
    CustomResourceDefinition crd = definition("nodedebugs");
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

  @Test
  void theSchemaOfTheConfigRefusesWhatIsWrong() throws IOException {
    CustomResourceDefinition crd = definition("lifelineconfigs");
    assertThat(crd.getSpec().getScope()).isEqualTo("Cluster");
    CustomResourceDefinitionVersion version = crd.getSpec().getVersions().get(0);
    assertThat(version.getSubresources().getStatus()).isNotNull();
    assertThat(version.getAdditionalPrinterColumns())
        .extracting(column -> column.getName())
        .containsExactlyElementsOf(CONFIG_COLUMNS);
    JSONSchemaProps spec = version.getSchema().getOpenAPIV3Schema().getProperties().get("spec");
    assertThat(spec.getProperties().get("agentVersion").getPattern())
        .isEqualTo(LifelineConfigSpec.VERSION);
    JSONSchemaProps maxUnavailable = spec.getProperties().get("maxUnavailable");
    assertThat(maxUnavailable.getMinimum()).isEqualTo(1.0);
    assertThat(maxUnavailable.getDefault().asInt()).isEqualTo(1);
  }
}
