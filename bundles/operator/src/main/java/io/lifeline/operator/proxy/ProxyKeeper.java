package io.lifeline.operator.proxy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.operator.OperatorSettings;
import io.lifeline.security.api.CertificateAuthority;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The debug proxy: it is there while there is a live NodeDebug, and while agents fetch a release.
 * Idempotent. One thread.
 */
public final class ProxyKeeper {

  /** Its Deployment's and Service's name. */
  public static final String NAME = "lifeline-proxy";

  private static final Logger LOG = LoggerFactory.getLogger(ProxyKeeper.class);

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final ProxyCertificate certificate;
  private boolean gone;

  public ProxyKeeper(
      KubernetesClient client, OperatorSettings settings, ProxyCertificate certificate) {
    this.client = client;
    this.settings = settings;
    this.certificate = certificate;
  }

  /** Whether a proxy is there, as a condition: status, reason, message. */
  public record ProxyState(String status, String reason, String message) {}

  /**
   * @param workers the workers that are being debugged: it never runs there
   * @param rollout whether agents fetch a release
   */
  public ProxyState keep(
      Set<String> workers, boolean rollout, Supplier<CertificateAuthority> authority)
      throws GeneralSecurityException {
    if (workers.isEmpty() && !rollout) {
      remove();
      return new ProxyState("False", "NotNeeded", "There is no live NodeDebug.");
    }
    gone = false;
    certificate.ensure(authority.get());
    if (!settings.proxy().manage()) {
      return new ProxyState(
          "Unknown", "NotManaged", "The proxy runs outside the cluster: proxy.manage is false.");
    }
    ensure(ProxyManifests.service(settings), Service.class);
    Deployment deployment = ensure(ProxyManifests.deployment(settings, workers), Deployment.class);
    boolean ready =
        Optional.ofNullable(deployment.getStatus())
            .map(status -> status.getReadyReplicas())
            .filter(n -> n > 0)
            .isPresent();
    return ready
        ? new ProxyState("True", "Ready", "The proxy is Ready.")
        : new ProxyState(
            "False",
            "NotReady",
            "No proxy pod is Ready: see 'kubectl -n %s describe pods -l app.kubernetes.io/component=proxy'. It needs a Ready node other than %s."
                .formatted(settings.namespace(), workers));
  }

  private <T extends HasMetadata> T ensure(T wanted, Class<T> type) {
    String name = wanted.getMetadata().getName();
    T present = client.resources(type).inNamespace(settings.namespace()).withName(name).get();
    if (present != null && hash(present).equals(hash(wanted))) {
      return present;
    }
    LOG.info("{} the {} {}", present == null ? "creating" : "changing", wanted.getKind(), name);
    return client
        .resource(wanted)
        .fieldManager("lifeline-operator")
        .forceConflicts()
        .serverSideApply();
  }

  private static String hash(HasMetadata resource) {
    Map<String, String> annotations = resource.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(ProxyManifests.HASH, "");
  }

  private void remove() {
    if (gone) {
      return;
    }
    if (settings.proxy().manage()) {
      client.apps().deployments().inNamespace(settings.namespace()).withName(NAME).delete();
      client.services().inNamespace(settings.namespace()).withName(NAME).delete();
    }
    certificate.remove();
    gone = true;
  }
}
