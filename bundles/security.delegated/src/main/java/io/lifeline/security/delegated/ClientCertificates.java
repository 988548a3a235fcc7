package io.lifeline.security.delegated;

import io.lifeline.security.api.Identity;
import io.lifeline.security.api.Pem;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies client certificates: PKIX to the cluster's client authority, with the extended key usage
 * clientAuth. CN is the user, O the groups, as the API server reads them. Any thread.
 */
final class ClientCertificates {

  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificates.class);

  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int LONGEST_CHAIN = 6;

  private final Set<TrustAnchor> anchors;
  private final Supplier<Instant> now;

  /**
   * @param authorityPem the authorities that clients' certificates lead to
   * @param now the time by which certificates are judged
   */
  ClientCertificates(String authorityPem, Supplier<Instant> now) throws GeneralSecurityException {
    this.anchors =
        Pem.certificates(authorityPem).stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
    this.now = now;
  }

  /** Whom a chain stands for, leaf first; empty when it is not good. */
  Optional<Identity> identify(List<X509Certificate> chain) {
    if (chain.isEmpty() || chain.size() > LONGEST_CHAIN) {
      return Optional.empty();
    }
    X509Certificate leaf = chain.get(0);
    try {
      verify(leaf, chain);
      return SubjectNames.identity(leaf.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      // Not a failure of ours: who shows it is told no, and the server logs and counts that.
      LOG.debug("The client certificate of {} is no good", leaf.getSubjectX500Principal(), e);
      return Optional.empty();
    }
  }

  private void verify(X509Certificate leaf, List<X509Certificate> chain)
      throws GeneralSecurityException {
    List<String> usages = leaf.getExtendedKeyUsage();
    if (usages == null || !usages.contains(CLIENT_AUTH)) {
      throw new GeneralSecurityException("the extended key usage clientAuth is missing");
    }
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(leaf);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now.get()));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    CertPathBuilder.getInstance("PKIX").build(parameters);
  }
}
