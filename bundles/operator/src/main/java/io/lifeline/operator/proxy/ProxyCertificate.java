package io.lifeline.operator.proxy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import io.lifeline.security.api.Pki;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The proxy's server certificate, in the Secret {@code lifeline-proxy-tls}; renewed in time. */
public final class ProxyCertificate {

  /** The Secret's name. */
  public static final String SECRET = "lifeline-proxy-tls";

  /** The name that agents verify, whatever address they reach the proxy at. */
  public static final String NAME = "proxy.lifeline.io";

  private static final Logger LOG = LoggerFactory.getLogger(ProxyCertificate.class);
  private static final Duration LIFE = Duration.ofDays(90);
  private static final Duration RENEWED = Duration.ofDays(30);

  private final KubernetesClient client;
  private final String namespace;
  private final Supplier<Pki> pki;
  private final Clock clock;

  public ProxyCertificate(
      KubernetesClient client, String namespace, Supplier<Pki> pki, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.pki = pki;
    this.clock = clock;
  }

  /** Makes or renews it, when it is not there or not good for a month yet. */
  public void ensure(CertificateAuthority authority) throws GeneralSecurityException {
    Secret secret = client.secrets().inNamespace(namespace).withName(SECRET).get();
    if (secret != null && good(secret, authority)) {
      return;
    }
    KeyPair key = pki.get().newKey();
    CertificateSubject subject = new CertificateSubject(NAME, List.of(), List.of(NAME), List.of());
    X509Certificate certificate =
        authority.sign(pki.get().request(key, subject), CertificateAuthority.Usage.SERVER, LIFE);
    String chain = Pem.certificates(List.of(certificate));
    String ca = Pem.certificates(List.of(authority.certificate()));
    Map<String, String> data =
        Map.of(
            "tls.crt", AuthorityKeeper.base64(chain),
            "tls.key", AuthorityKeeper.base64(Pem.privateKey(key.getPrivate())),
            "ca.crt", AuthorityKeeper.base64(ca));
    if (secret != null) {
      client.resource(new SecretBuilder(secret).withData(data).build()).update();
    } else {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withName(SECRET)
                  .withNamespace(namespace)
                  .addToLabels("app.kubernetes.io/managed-by", "lifeline-operator")
                  .endMetadata()
                  .withType("kubernetes.io/tls")
                  .withData(data)
                  .build())
          .create();
    }
    LOG.info(
        "made a certificate for the proxy, good until {}", certificate.getNotAfter().toInstant());
  }

  private boolean good(Secret secret, CertificateAuthority authority) {
    try {
      Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
      X509Certificate leaf = Pem.certificates(AuthorityKeeper.text(data.get("tls.crt"))).get(0);
      leaf.verify(authority.certificate().getPublicKey());
      Pem.privateKey(AuthorityKeeper.text(data.get("tls.key")));
      Instant renewal = leaf.getNotAfter().toInstant().minus(RENEWED);
      return clock.instant().isBefore(renewal)
          && Pem.certificates(AuthorityKeeper.text(data.get("ca.crt")))
              .contains(authority.certificate());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Removes it. */
  public void remove() {
    client.secrets().inNamespace(namespace).withName(SECRET).delete();
  }
}
