package io.lifeline.operator.bootstrap;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.crd.SecretKeyRef;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Bootstrap kubeconfigs that somebody gives: read, checked, and whose they are. One thread. */
final class Given {

  /**
   * A certificate says who it is for, and nobody has verified it here: with one of its own making,
   * whoever may create a NodeDebug would have every request of that user denied, for instance those
   * by which a kubelet renews its certificate.
   */
  private static final String SYSTEM = "system:";

  private final KubernetesClient client;
  private final Kubeconfig kubeconfig;
  private final Map<String, String> users = new HashMap<>();

  Given(KubernetesClient client, Kubeconfig kubeconfig) {
    this.client = client;
    this.kubeconfig = kubeconfig;
  }

  Entry read(BootstrapKubeConfig given) throws BootstrapException {
    SecretKeyRef ref = given.secretRef();
    String inline = given.inline();
    String text = ref == null ? (inline == null ? "" : inline) : referred(ref);
    ApiAccess access;
    try {
      // Nothing of this machine's may get into what is handed out.
      access = kubeconfig.parse(text, Path.of("/nonexistent"));
    } catch (IOException e) {
      throw new BootstrapException(
          "UnusableKubeConfig",
          "The bootstrap kubeconfig cannot be used: %s. It must hold its certificates, keys and tokens itself."
              .formatted(e.getMessage()));
    }
    String user = user(access);
    if (access.token() == null && user.startsWith(SYSTEM)) {
      throw new BootstrapException(
          "UnusableKubeConfig",
          "The bootstrap kubeconfig holds a certificate of %s, and requests of a part of the cluster are not to be ruled on as those of a bootstrap identity. To proceed, you can either give one of a service account or take spec.bootstrapKubeConfig away, and one is minted."
              .formatted(user));
    }
    return new Entry(
        text,
        user,
        user.isEmpty()
            ? "It is as given, but the API server does not say whose it is: is its token still"
                + " good?"
            : "It is as given, for %s.".formatted(user));
  }

  private String referred(SecretKeyRef ref) throws BootstrapException {
    Secret secret;
    try {
      secret = client.secrets().inNamespace(ref.namespace()).withName(ref.name()).get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == 403) {
        throw new BootstrapException(
            "SecretForbidden",
            "The operator may not read the Secret %s/%s. Move it to the operator's namespace, or allow that there by a Role and a RoleBinding."
                .formatted(ref.namespace(), ref.name()));
      }
      throw e;
    }
    return Optional.ofNullable(secret)
        .map(Secret::getData)
        .map(data -> data.get(ref.key()))
        .map(value -> new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8))
        .orElseThrow(
            () ->
                new BootstrapException(
                    "NoSecret",
                    "There is no Secret %s/%s with the key %s. To proceed, you can either create it or take spec.bootstrapKubeConfig away, and one is minted."
                        .formatted(ref.namespace(), ref.name(), ref.key())));
  }

  /** Whom the cluster takes the holder for; blank when it does not say. */
  private String user(ApiAccess access) {
    String token = access.token();
    if (token != null) {
      String known = users.get(token);
      if (known != null) {
        return known;
      }
      String user = reviewed(token);
      if (!user.isEmpty()) {
        users.put(token, user);
      }
      return user;
    }
    return access.clientCertificate().map(Given::commonName).orElse("");
  }

  private String reviewed(String token) {
    TokenReview review =
        client
            .resource(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build())
            .create();
    return review.getStatus() == null
            || !Boolean.TRUE.equals(review.getStatus().getAuthenticated())
            || review.getStatus().getUser() == null
        ? ""
        : review.getStatus().getUser().getUsername();
  }

  private static String commonName(String pem) {
    try {
      String dn = Pem.certificates(pem).get(0).getSubjectX500Principal().getName();
      for (Rdn rdn : new LdapName(dn).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          return rdn.getValue().toString();
        }
      }
      return "";
    } catch (GeneralSecurityException | InvalidNameException e) {
      return "";
    }
  }
}
