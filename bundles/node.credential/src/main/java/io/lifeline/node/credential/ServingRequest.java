package io.lifeline.node.credential;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.ServingCertificates;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.CertificateAuthority;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import io.lifeline.security.api.Pki;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests the serving certificate as the backup node; the operator approves it by itself. */
final class ServingRequest implements ServingCertificates {

  private static final Logger LOG = LoggerFactory.getLogger(ServingRequest.class);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration LIFE = Duration.ofDays(1);

  private final Worker worker;
  private final KubernetesClients clients;
  private final Pki pki;
  private final Vault vault;
  private final CertificateRequests requests = new CertificateRequests();

  ServingRequest(Worker worker, KubernetesClients clients, Pki pki, Vault vault) {
    this.vault = vault;
    this.worker = worker;
    this.clients = clients;
    this.pki = pki;
  }

  @Override
  public ServingCertificate serving(NodeCredential credential) throws InterruptedException {
    Optional<ServingCertificate> kept = vault.serving(credential);
    if (kept.isPresent()) {
      return kept.get();
    }
    KeyPair key = pki.newKey();
    String request =
        pki.request(
            key,
            new CertificateSubject(
                "system:node:" + worker.backupName(),
                List.of("system:nodes"),
                List.of(worker.backupName()),
                List.of(worker.address())));
    try (KubernetesClient client = clients.connect(credential.access())) {
      Optional<List<X509Certificate>> chain = issued(client, request);
      if (chain.isPresent()) {
        ServingCertificate certificate =
            new ServingCertificate(key.getPrivate(), chain.get(), true);
        vault.keep(certificate, credential);
        return certificate;
      }
      LOG.warn(
          "nobody approved the serving certificate within {} s: is the operator there? An API"
              + " server that verifies kubelets will refuse the one made here",
          WAIT.toSeconds());
    } catch (CredentialException | GeneralSecurityException e) {
      LOG.warn("no serving certificate from the cluster: {}", e.getMessage());
    }
    return selfMade(key, request);
  }

  private Optional<List<X509Certificate>> issued(KubernetesClient client, String request)
      throws CredentialException, GeneralSecurityException, InterruptedException {
    String name =
        "lifeline-"
            + worker.backupName()
            + "-serving-"
            + UUID.randomUUID().toString().substring(0, 8);
    requests.create(
        client,
        new CertificateRequests.Wish(name, request, CertificateRequests.Signer.NODE_SERVING, LIFE));
    long end = System.nanoTime() + WAIT.toNanos();
    while (System.nanoTime() < end) {
      Optional<CertificateRequests.Issued> issued = requests.look(client, name);
      if (issued.isPresent()) {
        return Optional.of(Pem.certificates(issued.get().certificatePem()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return Optional.empty();
  }

  private ServingCertificate selfMade(KeyPair key, String request) {
    try {
      CertificateAuthority authority = pki.newAuthority(worker.backupName(), LIFE);
      return new ServingCertificate(
          key.getPrivate(),
          List.of(authority.sign(request, CertificateAuthority.Usage.SERVER, LIFE)),
          false);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the agent cannot sign its own request", e);
    }
  }
}
