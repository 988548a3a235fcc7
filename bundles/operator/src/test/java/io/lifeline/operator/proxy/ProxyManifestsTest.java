package io.lifeline.operator.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.lifeline.operator.OperatorSettings;
import io.lifeline.operator.OperatorSettingsTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProxyManifestsTest {

  private final OperatorSettings settings = OperatorSettingsTest.settings(Map.of());

  private static List<NodeSelectorRequirement> fields(Deployment deployment) {
    return deployment
        .getSpec()
        .getTemplate()
        .getSpec()
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .get(0)
        .getMatchFields();
  }

  @Test
  void theProxyIsNeverOnAWorkerThatIsDebugged() {
    List<NodeSelectorRequirement> fields =
        fields(ProxyManifests.deployment(settings, Set.of("w2", "w1")));
    assertThat(fields)
        .allMatch(f -> f.getKey().equals("metadata.name") && f.getOperator().equals("NotIn"))
        .extracting(NodeSelectorRequirement::getValues)
        .containsExactly(List.of("w1"), List.of("w2"));
  }

  @Test
  void whatItIsMadeFromTellsWhetherItHasToChange() {
    String one =
        ProxyManifests.deployment(settings, Set.of("w1", "w2"))
            .getMetadata()
            .getAnnotations()
            .get(ProxyManifests.HASH);
    String same =
        ProxyManifests.deployment(settings, Set.of("w2", "w1"))
            .getMetadata()
            .getAnnotations()
            .get(ProxyManifests.HASH);
    String other =
        ProxyManifests.deployment(settings, Set.of("w2"))
            .getMetadata()
            .getAnnotations()
            .get(ProxyManifests.HASH);
    assertThat(one).isEqualTo(same).isNotEqualTo(other);
  }

  @Test
  void theApiServerChoosesThePortWhenItIsToldSo() {
    OperatorSettings any = OperatorSettingsTest.settings(Map.of("proxy.nodeport", "0"));
    assertThat(ProxyManifests.service(any).getSpec().getPorts().get(0).getNodePort()).isNull();
    assertThat(ProxyManifests.service(settings).getSpec().getPorts().get(0).getNodePort())
        .isEqualTo(30843);
  }

  @Test
  void theProxyHasTheReleasesOfTheOperatorsClaim() {
    OperatorSettings claimed =
        OperatorSettingsTest.settings(
            Map.of("releases", "/mine", "releases.claim", "lifeline-releases"));
    Deployment proxy = ProxyManifests.deployment(claimed, Set.of());
    PodSpec pod = proxy.getSpec().getTemplate().getSpec();
    assertThat(pod.getVolumes())
        .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
        .singleElement()
        .satisfies(
            volume ->
                assertThat(volume.getPersistentVolumeClaim().getClaimName())
                    .isEqualTo("lifeline-releases"));
    String folder =
        pod.getContainers().get(0).getEnv().stream()
            .filter(variable -> variable.getName().equals("LIFELINE_PROXY_RELEASES"))
            .findFirst()
            .orElseThrow()
            .getValue();
    assertThat(pod.getContainers().get(0).getVolumeMounts())
        .anyMatch(
            mount ->
                mount.getName().equals("releases")
                    && mount.getMountPath().equals(folder)
                    && mount.getReadOnly());
    Deployment without = ProxyManifests.deployment(settings, Set.of());
    assertThat(proxy.getMetadata().getAnnotations())
        .isNotEqualTo(without.getMetadata().getAnnotations());
    assertThat(without.getSpec().getTemplate().getSpec().getVolumes())
        .allMatch(volume -> volume.getPersistentVolumeClaim() == null);
  }
}
