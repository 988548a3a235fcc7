package io.lifeline.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** What this API server can do, asked once. One thread. */
final class ApiVersion {

  private final KubernetesClient client;
  private Optional<Boolean> keeps = Optional.empty();

  ApiVersion(KubernetesClient client) {
    this.client = client;
  }

  /** Whether {@code spec.expirationSeconds} of a certificate request is kept: from 1.22 on. */
  boolean keepsTheLifeOfRequests() {
    if (keeps.isEmpty()) {
      String minor = client.getKubernetesVersion().getMinor().replaceAll("\\D.*", "");
      keeps = Optional.of(minor.isEmpty() || Integer.parseInt(minor) >= 22);
    }
    return keeps.get();
  }
}
