package io.lifeline.operator.bootstrap;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.operator.OperatorSettings;
import io.lifeline.security.api.ApiAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mints bootstrap kubeconfigs: one service account per worker, in a namespace of their own whose
 * service accounts may create certificate requests and nothing else. Removing the service account
 * revokes its tokens at once.
 */
final class Mint {

  private static final Logger LOG = LoggerFactory.getLogger(Mint.class);
  private static final String MADE_BY = "app.kubernetes.io/managed-by";
  private static final String US = "lifeline-operator";

  private final KubernetesClient client;
  private final OperatorSettings.Bootstrap settings;
  private final Kubeconfig kubeconfig;
  private final ApiServer server;
  private final Clock clock;

  Mint(
      KubernetesClient client,
      OperatorSettings.Bootstrap settings,
      Kubeconfig kubeconfig,
      ApiServer server,
      Clock clock) {
    this.client = client;
    this.settings = settings;
    this.kubeconfig = kubeconfig;
    this.server = server;
    this.clock = clock;
  }

  /** The kubeconfig that is there, while it is good for half its life yet, or a new one. */
  Entry mint(String worker, Optional<String> present) throws BootstrapException {
    ServiceAccount account = account(worker);
    URI address = server.address();
    String authority = server.authorityPem();
    String username = BootstrapIdentities.serviceAccount(settings.namespace(), worker);
    if (present.isPresent() && good(present.get(), account, address, authority)) {
      return entry(present.get(), username);
    }
    TokenRequest asked =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(settings.tokenLife().toSeconds())
            .endSpec()
            .build();
    TokenRequest answer =
        client
            .serviceAccounts()
            .inNamespace(settings.namespace())
            .withName(worker)
            .tokenRequest(asked);
    LOG.info(
        "minted a bootstrap token for the worker {}, good until {}",
        worker,
        answer.getStatus().getExpirationTimestamp());
    ApiAccess access = ApiAccess.token(address, authority, answer.getStatus().getToken());
    return entry(kubeconfig.write(access, username), username);
  }

  private static Entry entry(String kubeconfig, String username) {
    return new Entry(
        kubeconfig, username, "The operator mints and renews it, for %s.".formatted(username));
  }

  private ServiceAccount account(String worker) {
    ServiceAccount there =
        client.serviceAccounts().inNamespace(settings.namespace()).withName(worker).get();
    if (there != null) {
      return there;
    }
    return client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(worker)
                .withNamespace(settings.namespace())
                .addToLabels(MADE_BY, US)
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build())
        .create();
  }

  private boolean good(String present, ServiceAccount account, URI address, String authority) {
    try {
      ApiAccess access = kubeconfig.parse(present, Path.of("/nonexistent"));
      return access.server().equals(address)
          && access.caPem().strip().equals(authority.strip())
          && Optional.ofNullable(access.token())
              .flatMap(TokenLife::read)
              .filter(t -> t.belongsTo(account.getMetadata().getUid()))
              .filter(t -> !t.old(clock.instant()))
              .isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes the service accounts of all other workers, and with them their tokens. */
  void removeAllBut(Set<String> workers) {
    client
        .serviceAccounts()
        .inNamespace(settings.namespace())
        .withLabel(MADE_BY, US)
        .list()
        .getItems()
        .stream()
        .filter(account -> !workers.contains(account.getMetadata().getName()))
        .forEach(
            account -> {
              client.resource(account).delete();
              LOG.info(
                  "removed the bootstrap identity of {}: its tokens are void",
                  account.getMetadata().getName());
            });
  }
}
