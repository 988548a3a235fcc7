package io.lifeline.operator.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
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
}
