package io.lifeline.operator.proxy;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.lifeline.crd.NodeDebug;
import io.lifeline.operator.OperatorSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the proxy's Deployment and Service have to be. Pure. */
final class ProxyManifests {

  /** The annotation by which a resource of ours tells what it was made from. */
  static final String HASH = "lifeline.io/made-from";

  static final int PORT = 8443;

  /** The image's user for what needs no rights. */
  private static final long USER = 65_532;

  private static final String RELEASES = "/releases";

  private static final Map<String, String> LABELS =
      Map.of(
          "app.kubernetes.io/name", "lifeline",
          "app.kubernetes.io/component", "proxy");

  private ProxyManifests() {}

  static Service service(OperatorSettings settings) {
    int nodePort = settings.proxy().nodePort();
    ServicePort port =
        new ServicePortBuilder()
            .withName("https")
            .withProtocol("TCP")
            .withPort(PORT)
            .withNewTargetPort(PORT)
            .withNodePort(nodePort == 0 ? null : nodePort)
            .build();
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(ProxyKeeper.NAME)
        .withNamespace(settings.namespace())
        .withLabels(LABELS)
        .addToLabels("app.kubernetes.io/managed-by", "lifeline-operator")
        .addToAnnotations(HASH, "node port " + nodePort)
        .endMetadata()
        .withNewSpec()
        .withType("NodePort")
        .withSelector(LABELS)
        .withPorts(port)
        .endSpec()
        .build();
  }

  static Deployment deployment(OperatorSettings settings, Set<String> workers) {
    Optional<String> claim = settings.rollout().releasesClaim();
    // matchFields takes one value; several requirements are ANDed.
    List<NodeSelectorRequirement> elsewhere =
        new TreeSet<>(workers)
            .stream()
                .map(
                    worker ->
                        new NodeSelectorRequirementBuilder()
                            .withKey("metadata.name")
                            .withOperator("NotIn")
                            .withValues(worker)
                            .build())
                .toList();
    Deployment proxy =
        new DeploymentBuilder()
            .withNewMetadata()
            .withName(ProxyKeeper.NAME)
            .withNamespace(settings.namespace())
            .withLabels(LABELS)
            .addToLabels("app.kubernetes.io/managed-by", "lifeline-operator")
            .addToAnnotations(
                HASH,
                "image %s, not on %s%s"
                    .formatted(
                        settings.proxy().image(),
                        new TreeSet<>(workers),
                        claim.map(", releases of "::concat).orElse("")))
            .endMetadata()
            .withNewSpec()
            .withReplicas(1)
            .withNewSelector()
            .withMatchLabels(LABELS)
            .endSelector()
            .withNewTemplate()
            .withNewMetadata()
            .withLabels(LABELS)
            .endMetadata()
            .withNewSpec()
            .withServiceAccountName(ProxyKeeper.NAME)
            // A Service lifeline-proxy would set LIFELINE_PROXY_PORT, which is a setting of ours.
            .withEnableServiceLinks(false)
            .withNewAffinity()
            .withNewNodeAffinity()
            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
            .addNewNodeSelectorTerm()
            .addNewMatchExpression()
            .withKey(NodeDebug.BACKUP_OF)
            .withOperator("DoesNotExist")
            .endMatchExpression()
            .withMatchFields(elsewhere)
            .endNodeSelectorTerm()
            .endRequiredDuringSchedulingIgnoredDuringExecution()
            .endNodeAffinity()
            .endAffinity()
            .addNewContainer()
            .withName("proxy")
            .withImage(settings.proxy().image())
            .withImagePullPolicy("IfNotPresent")
            .addNewEnv()
            .withName("LIFELINE_ROLE")
            .withValue("proxy")
            .endEnv()
            .addNewEnv()
            .withName("LIFELINE_PROXY_NAMESPACE")
            .withValue(settings.namespace())
            .endEnv()
            .addNewPort()
            .withName("https")
            .withContainerPort(PORT)
            .endPort()
            .withNewReadinessProbe()
            .withNewTcpSocket()
            .withNewPort(PORT)
            .endTcpSocket()
            .withPeriodSeconds(1)
            .endReadinessProbe()
            .withNewResources()
            .addToRequests("memory", new Quantity("96Mi"))
            .addToLimits("memory", new Quantity("256Mi"))
            .endResources()
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(USER)
            .withAllowPrivilegeEscalation(false)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .endSecurityContext()
            .addNewVolumeMount()
            .withName("tls")
            .withMountPath("/etc/lifeline/tls")
            .withReadOnly(true)
            .endVolumeMount()
            .endContainer()
            .addNewVolume()
            .withName("tls")
            .withNewSecret()
            .withSecretName(ProxyCertificate.SECRET)
            .endSecret()
            .endVolume()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    return claim.map(name -> withReleases(proxy, name)).orElse(proxy);
  }

  /** What the operator finds in its folder of releases, the agents fetch from the proxy. */
  private static Deployment withReleases(Deployment proxy, String claim) {
    return new DeploymentBuilder(proxy)
        .editSpec()
        .editTemplate()
        .editSpec()
        .editFirstContainer()
        .addNewEnv()
        .withName("LIFELINE_PROXY_RELEASES")
        .withValue(RELEASES)
        .endEnv()
        .addNewVolumeMount()
        .withName("releases")
        .withMountPath(RELEASES)
        .withReadOnly(true)
        .endVolumeMount()
        .endContainer()
        .addNewVolume()
        .withName("releases")
        .withNewPersistentVolumeClaim(claim, true)
        .endVolume()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
