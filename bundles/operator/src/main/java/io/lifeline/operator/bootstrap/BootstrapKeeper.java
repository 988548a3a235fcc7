package io.lifeline.operator.bootstrap;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.operator.OperatorSettings;
import io.lifeline.operator.claim.Claim;
import io.lifeline.operator.claim.Claims;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps the Secret {@code lifeline-bootstrap} as the live NodeDebugs want it: worker → bootstrap
 * kubeconfig, and no Secret without an entry. Idempotent. One thread.
 */
public final class BootstrapKeeper {

  /** The Secret's name; the proxy reads it. */
  public static final String SECRET = "lifeline-bootstrap";

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final Mint mint;
  private final Given given;

  public BootstrapKeeper(
      KubernetesClient client,
      OperatorSettings settings,
      Kubeconfig kubeconfig,
      ApiServer server,
      Clock clock) {
    this.client = client;
    this.settings = settings;
    this.mint = new Mint(client, settings.bootstrap(), kubeconfig, server, clock);
    this.given = new Given(client, kubeconfig);
  }

  /** What became of each live claim's kubeconfig, by worker. */
  public Map<String, BootstrapOutcome> keep(Claims claims) {
    Secret secret = client.secrets().inNamespace(settings.namespace()).withName(SECRET).get();
    Map<String, String> present = Optional.ofNullable(secret).map(Secret::getData).orElse(Map.of());
    Map<String, String> wanted = new TreeMap<>();
    Map<String, BootstrapOutcome> outcomes = new HashMap<>();
    Set<String> minted = new HashSet<>();
    for (Claim claim : claims.live()) {
      String worker = claim.worker();
      Optional<BootstrapKubeConfig> source = claim.nodeDebug().getSpec().given();
      if (source.isEmpty()) {
        minted.add(worker);
      }
      try {
        Entry entry =
            source.isPresent()
                ? given.read(source.get())
                : mint.mint(
                    worker, Optional.ofNullable(present.get(worker)).map(BootstrapKeeper::decoded));
        wanted.put(worker, encoded(entry.kubeconfig()));
        outcomes.put(worker, new BootstrapOutcome.Kept(entry.username(), entry.message()));
      } catch (BootstrapException e) {
        outcomes.put(worker, e.outcome());
      } catch (KubernetesClientException e) {
        // Not this worker's fault: the others still get theirs, and this one keeps what it has.
        Optional.ofNullable(present.get(worker)).ifPresent(text -> wanted.put(worker, text));
        outcomes.put(
            worker,
            new BootstrapOutcome.Missing(
                "ApiServer", "The API server refused: %s".formatted(e.getMessage())));
      }
    }
    write(Optional.ofNullable(secret), wanted);
    mint.removeAllBut(minted);
    return outcomes;
  }

  /** Who bootstraps which worker, as far as it is known. */
  public BootstrapIdentities identities(Claims claims, Map<String, BootstrapOutcome> outcomes) {
    String namespace = settings.bootstrap().namespace();
    Map<String, String> users = new HashMap<>();
    for (Claim claim : claims.live()) {
      String worker = claim.worker();
      if (claim.nodeDebug().getSpec().given().isEmpty()) {
        // Known whatever the API server answers just now.
        users.put(worker, BootstrapIdentities.serviceAccount(namespace, worker));
      } else if (outcomes.get(worker) instanceof BootstrapOutcome.Kept kept
          && !kept.username().isEmpty()) {
        users.put(worker, kept.username());
      }
    }
    return BootstrapIdentities.of(namespace, users);
  }

  private void write(Optional<Secret> secret, Map<String, String> wanted) {
    if (secret.isEmpty()) {
      if (!wanted.isEmpty()) {
        client
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName(SECRET)
                    .withNamespace(settings.namespace())
                    .addToLabels("app.kubernetes.io/managed-by", "lifeline-operator")
                    .endMetadata()
                    .withType("Opaque")
                    .withData(wanted)
                    .build())
            .create();
      }
      return;
    }
    if (wanted.isEmpty()) {
      client.resource(secret.get()).delete();
    } else if (!wanted.equals(secret.get().getData())) {
      Secret changed = new SecretBuilder(secret.get()).withData(wanted).build();
      client.resource(changed).update();
    }
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
