package io.lifeline.node.monitor;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.node.api.ApiServer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server for its version, over one connection that is kept while it answers. The open
 * watch cannot tell: when a network goes silent, it hears nothing, as before.
 */
final class ApiQuestion implements ApiServer, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ApiQuestion.class);

  /** Makes a client with the kubelet's kubeconfig, as it is now. */
  interface Clients {
    KubernetesClient connect() throws IOException;
  }

  private final Clients clients;
  private @Nullable KubernetesClient client;

  ApiQuestion(Clients clients) {
    this.clients = clients;
  }

  @Override
  public synchronized Reach ask() {
    KubernetesClient asked = client;
    try {
      if (asked == null) {
        asked = clients.connect();
        client = asked;
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the API server's address cannot be read", e);
      return Reach.UNKNOWN;
    }
    try {
      asked.getKubernetesVersion();
      return Reach.ANSWERS;
    } catch (KubernetesClientException e) {
      if (e.getCode() > 0) {
        return Reach.ANSWERS;
      }
      LOG.debug("the API server does not answer", e);
      close();
      return Reach.SILENT;
    }
  }

  @Override
  public synchronized void close() {
    KubernetesClient old = client;
    client = null;
    if (old != null) {
      old.close();
    }
  }
}
