package io.lifeline.node.credential;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.CredentialException.Kind;
import io.lifeline.node.api.NodeCredential;
import io.lifeline.node.api.PendingCertificate;
import io.lifeline.node.api.ReleaseFiles;
import io.lifeline.node.api.RescueCredentials;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pem;
import io.lifeline.security.api.Pki;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The steps from <em>not Ready</em> to the backup node's certificate; figure 7A, 706 to 718. */
final class CredentialSteps implements RescueCredentials, ReleaseFiles {

  /** A kept credential with less left than this is not worth resuming. */
  private static final Duration LEAST_LEFT = Duration.ofSeconds(20);

  /** Ends before the certificate does, so that the last words still reach the API server. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final CredentialSettings settings;
  private final Worker worker;
  private final Kubeconfig kubeconfig;
  private final KubernetesClients clients;
  private final Pki pki;
  private final Vault vault;
  private final Arming arming;
  private final ProxyClient proxy;
  private final ClusterTime time;
  private final CertificateRequests requests = new CertificateRequests();

  /** What is left of a certificate, and when that is over by the API server's clock. */
  private record Life(Duration left, Instant ends) {}

  private @Nullable KubernetesClient waiting;

  CredentialSteps(
      CredentialSettings settings,
      Worker worker,
      Kubeconfig kubeconfig,
      KubernetesClients clients,
      Pki pki,
      Vault vault,
      Arming arming,
      ClusterTime time) {
    this.time = time;
    this.settings = settings;
    this.worker = worker;
    this.kubeconfig = kubeconfig;
    this.clients = clients;
    this.pki = pki;
    this.vault = vault;
    this.arming = arming;
    this.proxy = new ProxyClient(settings.proxyPort(), time);
  }

  @Override
  public Optional<String> unarmed() {
    return arming.unarmed();
  }

  @Override
  public Optional<NodeCredential> kept() {
    return vault.credential(LEAST_LEFT);
  }

  @Override
  public synchronized PendingCertificate request() throws CredentialException {
    Optional<BootstrapRequest> earlier = vault.request();
    if (earlier.isPresent() && stillThere(earlier.get())) {
      return new PendingCertificate(earlier.get().name());
    }
    ApiAccess access = bootstrap();
    KeyPair key = pki.newKey();
    String name =
        "lifeline-" + worker.backupName() + "-" + UUID.randomUUID().toString().substring(0, 8);
    String request =
        pki.request(
            key, CertificateSubject.client("system:node:" + worker.backupName(), "system:nodes"));
    requests.create(
        client(access),
        new CertificateRequests.Wish(
            name, request, CertificateRequests.Signer.NODE_CLIENT, settings.life()));
    vault.keep(new BootstrapRequest(name, Pem.privateKey(key.getPrivate()), access));
    return new PendingCertificate(name);
  }

  /** What the proxy hands out now, if it may be believed. */
  private ApiAccess bootstrap() throws CredentialException {
    Pins pins = vault.pins().orElseThrow(() -> notArmed());
    Enrolment enrolment = vault.enrolment().orElseThrow(() -> notArmed());
    ApiAccess access = parse(proxy.bootstrap(worker.name(), pins.peers(), enrolment));
    BootstrapCheck.check(access, pins);
    return access;
  }

  /**
   * An earlier request is waited for again, unless it was denied or has gone. Where nobody can say,
   * it is kept: a person may have approved it.
   */
  private boolean stillThere(BootstrapRequest earlier) throws CredentialException {
    try {
      look(earlier);
      return true;
    } catch (CredentialException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      vault.forgetRescue();
      closeWaiting();
      return false;
    }
  }

  /** A request as it was looked at, and what was issued for it. */
  private record Looked(
      BootstrapRequest request, Optional<CertificateRequests.Issued> certificate) {}

  /**
   * Looks at a request. The bootstrap identity that made it is good for an hour at most, ends with
   * its NodeDebug, and a person may take longer: then the proxy is asked for the present one.
   */
  private Looked look(BootstrapRequest request) throws CredentialException {
    try {
      return new Looked(request, requests.look(client(request.access()), request.name()));
    } catch (CredentialException e) {
      if (e.kind() == Kind.DENIED) {
        throw e;
      }
      BootstrapRequest renewed =
          new BootstrapRequest(request.name(), request.keyPem(), presentInsteadOf(request, e));
      closeWaiting();
      vault.keep(renewed);
      return new Looked(renewed, requests.look(client(renewed.access()), renewed.name()));
    }
  }

  private ApiAccess presentInsteadOf(BootstrapRequest request, CredentialException failure)
      throws CredentialException {
    ApiAccess present;
    try {
      present = bootstrap();
    } catch (CredentialException e) {
      throw new CredentialException(
          failure.kind(), failure.getMessage() + "; and " + e.getMessage(), failure);
    }
    if (present.equals(request.access())) {
      throw failure;
    }
    return present;
  }

  @Override
  public synchronized Optional<NodeCredential> issued(PendingCertificate pending)
      throws CredentialException {
    BootstrapRequest kept =
        vault
            .request()
            .filter(request -> request.name().equals(pending.name()))
            .orElseThrow(
                () ->
                    new CredentialException(
                        Kind.DENIED, "the key of the request " + pending.name() + " is lost"));
    Looked looked = look(kept);
    Optional<CertificateRequests.Issued> issued = looked.certificate();
    if (issued.isEmpty()) {
      return Optional.empty();
    }
    BootstrapRequest request = looked.request();
    Pins pins = vault.pins().orElseThrow(() -> notArmed());
    Life life = life(issued.get());
    NodeCredential credential =
        new NodeCredential(
            ApiAccess.certificate(
                request.access().server(),
                request.access().caPem(),
                issued.get().certificatePem(),
                request.keyPem()),
            pins.clientCaPem(),
            System.nanoTime() + life.left().toNanos(),
            life.ends());
    vault.keep(credential);
    closeWaiting();
    return Optional.of(credential);
  }

  /**
   * How long the certificate is good from now: the configured life, or less if the signer shortened
   * it. The certificate's end is compared with the API server's own time, which is carried on by
   * the monotonic clock: this machine's wall clock may be wrong (fault F17).
   */
  private Life life(CertificateRequests.Issued issued) throws CredentialException {
    try {
      Instant end = Pem.certificates(issued.certificatePem()).get(0).getNotAfter().toInstant();
      // An answer that bears no date still says when it was asked.
      Instant now = time.heard() ? time.instant() : Instant.parse(issued.createdAt());
      Duration most = Duration.between(now, end).minus(MARGIN);
      Duration left = most.compareTo(settings.life()) < 0 ? most : settings.life();
      return new Life(left, now.plus(left).truncatedTo(ChronoUnit.SECONDS));
    } catch (GeneralSecurityException e) {
      throw new CredentialException(Kind.DENIED, "the issued certificate cannot be read", e);
    }
  }

  /** Not synchronized: a rescue does not wait for it. */
  @Override
  public void fetch(String version, String file, long most, OutputStream to)
      throws CredentialException, IOException {
    Pins pins = vault.pins().orElseThrow(() -> notArmed());
    Enrolment enrolment = vault.enrolment().orElseThrow(() -> notArmed());
    // The worker is well now: its own NodePort answers as well as another's.
    List<String> peers = new ArrayList<>(pins.peers());
    peers.add(worker.address());
    proxy.release(version + "/" + file, most, to, peers, enrolment);
  }

  @Override
  public synchronized void forget() {
    closeWaiting();
    vault.forgetRescue();
  }

  /** One client for the whole wait: approval is looked for several times a second. */
  private KubernetesClient client(ApiAccess access) {
    KubernetesClient open = waiting;
    if (open == null) {
      open = clients.connect(access);
      waiting = open;
    }
    return open;
  }

  private void closeWaiting() {
    KubernetesClient open = waiting;
    waiting = null;
    if (open != null) {
      open.close();
    }
  }

  private ApiAccess parse(String yaml) throws CredentialException {
    try {
      return kubeconfig.parse(yaml, worker.state().resolve("nothing"));
    } catch (IOException e) {
      throw new CredentialException(
          Kind.UNTRUSTED, "the bootstrap kubeconfig is refused: " + e.getMessage(), e);
    }
  }

  private CredentialException notArmed() {
    return new CredentialException(
        Kind.REFUSED, "this agent is not armed: " + arming.unarmed().orElse("it just became so"));
  }
}
