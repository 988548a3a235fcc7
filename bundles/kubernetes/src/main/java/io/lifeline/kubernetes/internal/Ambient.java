package io.lifeline.kubernetes.internal;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.security.api.ApiAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds out as whom this process itself talks to the API server. */
final class Ambient {

  static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final UnaryOperator<@Nullable String> environment;
  private final Path serviceAccount;

  Ambient(UnaryOperator<@Nullable String> environment, Path serviceAccount) {
    this.environment = environment;
    this.serviceAccount = serviceAccount;
  }

  KubernetesClient client(ClientFactory factory) {
    String kubeconfig = environment.apply("KUBECONFIG");
    try {
      if (kubeconfig != null && !kubeconfig.isBlank()) {
        return factory.build(KubeconfigReader.file(Path.of(kubeconfig)));
      }
      return inCluster(factory);
    } catch (IOException e) {
      // Without its cause: the sentence has all of it, and the log shows the innermost first.
      throw new IllegalStateException(
          "This process has no usable access to an API server: %s. Set KUBECONFIG to a kubeconfig file, or run it in a pod with a service account's token."
              .formatted(e.getMessage()));
    }
  }

  private KubernetesClient inCluster(ClientFactory factory) throws IOException {
    String host = environment.apply("KUBERNETES_SERVICE_HOST");
    String port = environment.apply("KUBERNETES_SERVICE_PORT");
    Path tokenFile = serviceAccount.resolve("token");
    if (host == null || host.isBlank() || port == null || !Files.exists(tokenFile)) {
      throw new IOException(
          "neither KUBECONFIG nor KUBERNETES_SERVICE_HOST with %s is there".formatted(tokenFile));
    }
    ServiceAccountToken token = new ServiceAccountToken(tokenFile);
    URI server =
        URI.create("https://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host, port));
    String ca = Files.readString(serviceAccount.resolve("ca.crt"), StandardCharsets.ISO_8859_1);
    return factory.build(ApiAccess.token(server, ca, token.get()), token);
  }
}
