package io.lifeline.node.credential;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.kubernetes.Kubeconfig;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.node.api.CredentialException;
import io.lifeline.node.api.Worker;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateDates;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.ClusterTime;
import io.lifeline.security.api.Pem;
import io.lifeline.security.api.Pki;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets ready while the worker is well: learns peers and pins, and has the agent's key enrolled.
 *
 * <p>Enrolment goes with the kubelet's own identity, which is what binds the key to this worker.
 * One thread; blocks for a few requests.
 */
final class Arming {

  private static final Logger LOG = LoggerFactory.getLogger(Arming.class);
  private static final Duration ENROLMENT_LIFE = Duration.ofDays(30);

  /** Any of them leads to the proxy, and all the Nodes of a large cluster do not fit the heap. */
  private static final ListOptions SOME = new ListOptionsBuilder().withLimit(100L).build();

  private static final Path POD_TOKEN =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private final CredentialSettings settings;
  private final Worker worker;
  private final Kubeconfig kubeconfig;
  private final KubernetesClients clients;
  private final Pki pki;
  private final Vault vault;
  private final ClusterTime time;
  private final CertificateRequests requests = new CertificateRequests();
  private final LastFailure lastFailure = new LastFailure();

  private volatile Optional<PendingEnrolment> pending = Optional.empty();
  private volatile boolean anew;

  private record PendingEnrolment(String name, KeyPair key) {}

  Arming(
      CredentialSettings settings,
      Worker worker,
      Kubeconfig kubeconfig,
      KubernetesClients clients,
      Pki pki,
      Vault vault,
      ClusterTime time) {
    this.time = time;
    this.settings = settings;
    this.worker = worker;
    this.kubeconfig = kubeconfig;
    this.clients = clients;
    this.pki = pki;
    this.vault = vault;
  }

  /**
   * One round: learns what can be learnt and goes on with the enrolment. What an agent before this
   * one has left is good for a rescue at once, and is replaced once in each agent's life: the
   * operator may have been installed anew meanwhile, and its proxies would be strangers.
   *
   * @param ready whether the worker is known to be well, else the operator would not sign
   * @throws CredentialException when something is missing; the message says what
   */
  void round(boolean ready) throws CredentialException, IOException, GeneralSecurityException {
    ApiAccess kubelet = kubeletAccess();
    if (enrolled() && pending.isEmpty() && !(isOld() && ready)) {
      learn(kubelet);
      return;
    }
    try (KubernetesClient client = clients.connect(kubelet)) {
      if (pending.isEmpty()) {
        // The operator signs while the rest is learnt.
        try {
          request(client);
        } finally {
          learn(kubelet);
        }
      }
      collect(client);
    }
  }

  /** Whether nothing is waited for: then the next round needs no haste. */
  boolean settled() {
    return armed() && pending.isEmpty();
  }

  /** Whether the key is another agent's, of an installation that may be gone. */
  boolean isOld() {
    return !anew;
  }

  /** Whether both are there and fresh: then a rescue may begin. */
  boolean armed() {
    return vault.pins().isPresent() && enrolled();
  }

  private boolean enrolled() {
    return vault.enrolment().filter(kept -> !kept.wantsRenewal(time.instant())).isPresent();
  }

  private void learn(ApiAccess kubelet) {
    Optional<Pins> before = vault.pins();
    ApiAccess asPod = podAccess(kubelet).orElse(kubelet);
    Set<URI> servers = new LinkedHashSet<>(settings.servers());
    servers.add(kubelet.server());
    Set<String> peers = new LinkedHashSet<>(settings.peers());
    Optional<String> clientCa = Optional.empty();
    try (KubernetesClient client = clients.connect(asPod)) {
      for (Node node : client.nodes().list(SOME).getItems()) {
        if (!node.getMetadata().getName().equals(worker.name())) {
          internalAddress(node).ifPresent(peers::add);
        }
      }
      clientCa = publishedClientCa(client);
      lastFailure.over();
    } catch (KubernetesClientException e) {
      String failure = CertificateDates.told(e);
      if (lastFailure.isNew(failure)) {
        LOG.warn("the other nodes' addresses cannot be learnt: {}", failure);
      }
      before.ifPresent(kept -> peers.addAll(kept.peers()));
    }
    peers.remove(worker.address());
    vault.keep(
        new Pins(
            List.copyOf(servers),
            kubelet.caPem(),
            clientCa
                .or(this::clientCaOfKubelet)
                .or(() -> before.map(Pins::clientCaPem))
                .orElse(kubelet.caPem()),
            List.copyOf(peers)));
  }

  private static Optional<String> internalAddress(Node node) {
    List<NodeAddress> addresses =
        node.getStatus() == null ? List.of() : node.getStatus().getAddresses();
    return addresses.stream()
        .filter(address -> "InternalIP".equals(address.getType()))
        .map(NodeAddress::getAddress)
        .findFirst();
  }

  /** Where every API server publishes the authority of its clients. */
  private static Optional<String> publishedClientCa(KubernetesClient client) {
    try {
      ConfigMap published =
          client
              .configMaps()
              .inNamespace("kube-system")
              .withName("extension-apiserver-authentication")
              .get();
      return Optional.ofNullable(published)
          .map(ConfigMap::getData)
          .map(data -> data.get("client-ca-file"));
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /** What the worker's own kubelet trusts: kubeadm's place. */
  private Optional<String> clientCaOfKubelet() {
    try {
      return Optional.of(Files.readString(worker.path("/etc/kubernetes/pki/ca.crt")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void request(KubernetesClient client)
      throws CredentialException, GeneralSecurityException {
    KeyPair key = pki.newKey();
    String name =
        "lifeline-agent-" + worker.name() + "-" + UUID.randomUUID().toString().substring(0, 8);
    String request =
        pki.request(
            key, CertificateSubject.client("lifeline:agent:" + worker.name(), "lifeline:agents"));
    requests.create(
        client,
        new CertificateRequests.Wish(
            name, request, CertificateRequests.Signer.AGENT, ENROLMENT_LIFE));
    pending = Optional.of(new PendingEnrolment(name, key));
  }

  private void collect(KubernetesClient client)
      throws CredentialException, GeneralSecurityException {
    PendingEnrolment waiting = pending.orElseThrow();
    try {
      Optional<CertificateRequests.Issued> issued = requests.look(client, waiting.name());
      if (issued.isPresent()) {
        vault.keep(
            new Enrolment(
                waiting.key().getPrivate(), Pem.certificates(issued.get().certificatePem())));
        pending = Optional.empty();
        anew = true;
        LOG.info("armed: this agent's key is enrolled as lifeline:agent:{}", worker.name());
      }
    } catch (CredentialException e) {
      pending = Optional.empty();
      throw e;
    }
  }

  /** What is missing before a rescue could begin. */
  Optional<String> unarmed() {
    List<String> missing = new ArrayList<>();
    if (vault.pins().isEmpty()) {
      missing.add("no pins: the kubelet's kubeconfig was never read while the worker was Ready");
    }
    if (vault.enrolment().isEmpty()) {
      missing.add(
          pending
              .map(
                  waiting ->
                      "not enrolled: the operator has not signed the certificate request "
                          + waiting.name()
                          + " (it does so only while the worker is Ready)")
              .orElse("not enrolled: the agent has no key of its own yet"));
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", missing));
  }

  private ApiAccess kubeletAccess() throws IOException {
    for (String candidate : settings.kubeconfigs()) {
      Path path = worker.path(candidate);
      if (Files.isReadable(path)) {
        return kubeconfig.parse(Files.readString(path), worker.root());
      }
    }
    throw new IOException("no kubeconfig of the kubelet at " + settings.kubeconfigs());
  }

  /** The pod's service account, at the address the kubelet uses: never a Service's. */
  private static Optional<ApiAccess> podAccess(ApiAccess kubelet) {
    try {
      return Optional.of(
          ApiAccess.token(kubelet.server(), kubelet.caPem(), Files.readString(POD_TOKEN).strip()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
