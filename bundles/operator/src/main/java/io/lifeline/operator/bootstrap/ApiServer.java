package io.lifeline.operator.bootstrap;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.kubernetes.Kubeconfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API server as a broken worker reaches it: by an address of its own, because neither the
 * cluster's DNS nor its Service addresses can be relied on there.
 */
public final class ApiServer {

  private static final Path SERVICE_ACCOUNT_CA =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");

  private final KubernetesClient client;
  private final Kubeconfig kubeconfig;
  private final Optional<URI> configured;
  private final Optional<Path> ownKubeconfig;

  /**
   * @param ownKubeconfig the kubeconfig this process itself uses; null in a pod
   */
  public ApiServer(
      KubernetesClient client,
      Kubeconfig kubeconfig,
      Optional<URI> configured,
      @Nullable String ownKubeconfig) {
    this.client = client;
    this.kubeconfig = kubeconfig;
    this.configured = configured;
    this.ownKubeconfig =
        Optional.ofNullable(ownKubeconfig).filter(path -> !path.isBlank()).map(Path::of);
  }

  /** Its address: the setting, or the first that the Endpoints {@code default/kubernetes} show. */
  public URI address() throws BootstrapException {
    return configured.isPresent() ? configured.get() : published();
  }

  private URI published() throws BootstrapException {
    Endpoints endpoints = client.endpoints().inNamespace("default").withName("kubernetes").get();
    if (endpoints != null && endpoints.getSubsets() != null) {
      for (EndpointSubset subset : endpoints.getSubsets()) {
        for (EndpointAddress address : subset.getAddresses()) {
          for (EndpointPort port : subset.getPorts()) {
            String host = address.getIp();
            return URI.create(
                "https://%s:%d"
                    .formatted(host.contains(":") ? "[" + host + "]" : host, port.getPort()));
          }
        }
      }
    }
    throw new BootstrapException(
        "NoApiServerAddress",
        "The Endpoints default/kubernetes show no address of the API server. Set"
            + " bootstrap.api.server in etc/io.lifeline.operator.cfg.");
  }

  /** The authority that this process itself trusts the API server by. */
  public String authorityPem() throws BootstrapException {
    try {
      if (ownKubeconfig.isPresent()) {
        Path file = ownKubeconfig.get();
        return kubeconfig.parse(Files.readString(file), Path.of("/")).caPem();
      }
      return Files.readString(SERVICE_ACCOUNT_CA, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new BootstrapException(
          "NoAuthority", "The cluster's CA cannot be read: %s.".formatted(e.getMessage()));
    }
  }
}
