package io.lifeline.operator.proxy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.Pem;
import io.lifeline.security.api.Pki;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project's own authority, in the Secret {@code lifeline-ca}. Made once and never again: every
 * agent pins it, so a lost or broken one is a person's to mend.
 */
public final class AuthorityKeeper {

  /** The Secret's name. */
  public static final String SECRET = "lifeline-ca";

  private static final Logger LOG = LoggerFactory.getLogger(AuthorityKeeper.class);
  private static final Duration LIFE = Duration.ofDays(3650);

  private final KubernetesClient client;
  private final String namespace;
  private final Supplier<Pki> pki;

  public AuthorityKeeper(KubernetesClient client, String namespace, Supplier<Pki> pki) {
    this.client = client;
    this.namespace = namespace;
    this.pki = pki;
  }

  /**
   * The authority.
   *
   * @throws IllegalStateException when the Secret is there and cannot be read as one
   */
  public CertificateAuthority authority() {
    Secret secret = client.secrets().inNamespace(namespace).withName(SECRET).get();
    if (secret != null) {
      return read(secret);
    }
    CertificateAuthority made = pki.get().newAuthority("lifeline", LIFE);
    try {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(SECRET)
                  .withNamespace(namespace)
                  .addToLabels("app.kubernetes.io/managed-by", "lifeline-operator")
                  .endMetadata()
                  .withType("kubernetes.io/tls")
                  .withData(
                      Map.of(
                          "tls.crt", base64(Pem.certificates(List.of(made.certificate()))),
                          "tls.key", base64(Pem.privateKey(made.key()))))
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
      // Another operator was quicker: its authority is the one.
      return authority();
    }
    LOG.info("made the project's authority; it is kept in the Secret {}/{}", namespace, SECRET);
    return made;
  }

  private CertificateAuthority read(Secret secret) {
    try {
      Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
      return pki.get()
          .authority(
              Pem.certificates(text(data.get("tls.crt"))).get(0),
              Pem.privateKey(text(data.get("tls.key"))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "The Secret %2$s/%1$s is not the project's authority any more (%3$s). Restore it from a backup, or delete it and restart the agents, which then enrol again: kubectl -n %2$s rollout restart daemonset/lifeline-agent"
              .formatted(SECRET, namespace, e.getMessage()));
    }
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  static String text(@org.jspecify.annotations.Nullable String base64) {
    return base64 == null
        ? ""
        : new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
