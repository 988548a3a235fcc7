package io.lifeline.operator;

import static io.lifeline.operator.Objects.PKI;
import static io.lifeline.operator.Objects.base64;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.crd.Phase;
import io.lifeline.kubernetes.internal.KubeconfigFiles;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The operator on a real API server, with the rights of its own service account; and the agent's
 * and the person's parts, played by the test.
 *
 * <p>Wants the administrator's kubeconfig of a control plane without workers, with the namespaces,
 * the CRD and the RBAC of {@code container/manifests}, in {@code LIFELINE_TEST_KUBECONFIG}: {@code
 * itests/install/operator.sh} makes one. The Nodes w1, w2 and w3 are the test's.
 */
abstract class OnApiServer {

  static final String SYSTEM = "lifeline-system";
  static final String BOOTSTRAP = "lifeline-bootstrap";
  static final Set<String> CLIENT = Set.of("digital signature", "client auth");
  // Signers up to 1.26 insist on key encipherment, also for EC keys.
  static final Set<String> NODE = Set.of("digital signature", "key encipherment", "client auth");
  static final Set<String> SERVER = Set.of("digital signature", "key encipherment", "server auth");

  final ApiServerUnderTest api = new ApiServerUnderTest();
  private Optional<Operator> operator = Optional.empty();
  private Optional<KubernetesClient> own = Optional.empty();

  OperatorSettings settings(Duration agentDeadline) {
    OperatorSettings defaults =
        OperatorSettingsTest.settings(Map.of("resync", "1s", "leadership.life", "5s"));
    return new OperatorSettings(
        SYSTEM,
        defaults.node(),
        defaults.resync(),
        defaults.leadership(),
        new OperatorSettings.Bootstrap(
            BOOTSTRAP, Duration.ofHours(1), Optional.of(api.access.server())),
        defaults.certificates(),
        new OperatorSettings.Ending(agentDeadline, Duration.ofSeconds(2), Duration.ofSeconds(3)),
        defaults.proxy(),
        defaults.rollout());
  }

  void start(Duration agentDeadline) {
    own = Optional.of(api.operator());
    operator =
        Optional.of(
            new Operator(
                settings(agentDeadline),
                own.get(),
                () -> PKI,
                new KubeconfigFiles(),
                api.kubeconfig.toString(),
                Path.of("/nonexistent"),
                () -> "test"));
    operator.get().start();
  }

  void stop() {
    operator.ifPresent(Operator::close);
    own.ifPresent(KubernetesClient::close);
    operator = Optional.empty();
    own = Optional.empty();
  }

  @BeforeEach
  void aCluster() {
    tidy();
    api.node("w1", "True");
    api.node("w2", "Unknown");
    api.node("w3", "True");
    start(Duration.ofMinutes(5));
  }

  @AfterEach
  void close() {
    stop();
    tidy();
    api.close();
  }

  private void tidy() {
    for (NodeDebug nd : api.admin.resources(NodeDebug.class).list().getItems()) {
      api.admin.resource(nd).delete();
      api.admin
          .resources(NodeDebug.class)
          .withName(nd.getMetadata().getName())
          .edit(
              n -> {
                n.getMetadata().setFinalizers(List.of());
                return n;
              });
    }
    api.admin.certificates().v1().certificateSigningRequests().delete();
    for (String node : List.of("w1", "w2", "w3", "w2-debug")) {
      api.admin.nodes().withName(node).delete();
      api.admin.leases().inNamespace("kube-node-lease").withName(node).delete();
    }
    api.admin.pods().inNamespace("default").withGracePeriod(0).delete();
    api.admin.v1().events().inNamespace("default").delete();
    api.admin.leases().inNamespace(SYSTEM).withName(Leadership.LEASE).delete();
    api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-bootstrap").delete();
    api.admin.secrets().inNamespace(SYSTEM).withName("given").delete();
    api.admin.apps().deployments().inNamespace(SYSTEM).withName("lifeline-proxy").delete();
    api.admin.services().inNamespace(SYSTEM).withName("lifeline-proxy").delete();
    api.admin
        .serviceAccounts()
        .inNamespace(BOOTSTRAP)
        .withLabel("app.kubernetes.io/managed-by")
        .delete();
  }

  NodeDebug created(String name, String worker) {
    return created(name, new NodeDebugSpec(worker, null));
  }

  NodeDebug created(String name, NodeDebugSpec spec) {
    NodeDebug nd = Objects.nodeDebug(name, "");
    nd.getMetadata().setUid(null);
    nd.getMetadata().setGeneration(null);
    nd.getMetadata().setCreationTimestamp(null);
    nd.setSpec(spec);
    return api.admin.resource(nd).create();
  }

  void untilPhase(String name, Phase phase) {
    api.until(name + " is " + phase, () -> api.nodeDebug(name).story().phase() == phase);
  }

  static CertificateSigningRequest csr(
      String signer, CertificateSubject subject, KeyPair key, Set<String> usages) {
    return new CertificateSigningRequestBuilder()
        .withNewMetadata()
        .withGenerateName("test-")
        .endMetadata()
        .withNewSpec()
        .withSignerName(signer)
        .withRequest(base64(PKI.request(key, subject)))
        .withUsages(List.copyOf(usages))
        .withExpirationSeconds(3600)
        .endSpec()
        .build();
  }

  String asked(
      KubernetesClient client, String signer, CertificateSubject subject, Set<String> usages) {
    return ApiServerUnderTest.create(client, csr(signer, subject, PKI.newKey(), usages));
  }

  String kubeconfig(String worker) {
    Secret secret = api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-bootstrap").get();
    return secret == null || !secret.getData().containsKey(worker)
        ? ""
        : new String(
            Base64.getDecoder().decode(secret.getData().get(worker)), StandardCharsets.UTF_8);
  }

  KubernetesClient bootstrap(String worker) throws Exception {
    api.until("there is a kubeconfig", () -> !kubeconfig(worker).isEmpty());
    return api.clients.connect(
        new KubeconfigFiles().parse(kubeconfig(worker), Path.of("/nonexistent")));
  }

  static CertificateSubject backupSubject(String worker) {
    return CertificateSubject.client("system:node:" + worker + "-debug", "system:nodes");
  }

  /** From the request to a client of the backup node, with a person's approval. */
  KubernetesClient approved(String nodeDebug, String worker) throws Exception {
    KeyPair key = PKI.newKey();
    String name;
    try (KubernetesClient bootstrap = bootstrap(worker)) {
      name =
          ApiServerUnderTest.create(
              bootstrap, csr(Request.NODE_CLIENT, backupSubject(worker), key, NODE));
    }
    untilPhase(nodeDebug, Phase.AwaitingApproval);
    assertThat(api.nodeDebug(nodeDebug).story().approveCommand())
        .isEqualTo("kubectl certificate approve " + name);
    api.approve(name);
    api.until("it is signed", () -> api.request(name).certificate().isPresent());
    String pem = Pem.certificates(List.of(api.request(name).certificate().orElseThrow()));
    return api.clients.connect(
        ApiAccess.certificate(
            api.access.server(), api.access.caPem(), pem, Pem.privateKey(key.getPrivate())));
  }

  static void register(KubernetesClient backup, String worker) {
    String name = worker + "-debug";
    backup
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(NodeDebug.BACKUP_OF, worker)
                .endMetadata()
                .build())
        .create();
    renew(backup, name);
    ApiServerUnderTest.ready(backup, name, "True", "Serving");
  }

  static void renew(KubernetesClient backup, String name) {
    backup.leases().inNamespace("kube-node-lease").withName(name).delete();
    backup
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("kube-node-lease")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(name)
                .withRenewTime(ZonedDateTime.now())
                .endSpec()
                .build())
        .create();
  }

  void debugPod(KubernetesClient backup, String node) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("debug-pod")
            .withNamespace("default")
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .addNewContainer()
            .withName("debug")
            .withImage("none")
            .endContainer()
            .endSpec()
            .build();
    api.until(
        "the default service account is there",
        () -> api.admin.serviceAccounts().inNamespace("default").withName("default").get() != null);
    api.admin.resource(pod).create();
    backup
        .pods()
        .inNamespace("default")
        .withName("debug-pod")
        .editStatus(
            p -> {
              p.getStatus().setPhase("Running");
              return p;
            });
  }

  boolean nothingLeftOfBackup(String worker) {
    String name = worker + "-debug";
    return api.admin.nodes().withName(name).get() == null
        && api.admin.leases().inNamespace("kube-node-lease").withName(name).get() == null
        && api.admin
            .pods()
            .inAnyNamespace()
            .withField("spec.nodeName", name)
            .list()
            .getItems()
            .isEmpty();
  }

  boolean nothingLeftAtAll() {
    return api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-bootstrap").get() == null
        && api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-proxy-tls").get() == null
        && api.admin.serviceAccounts().inNamespace(BOOTSTRAP).withName("w2").get() == null
        && api.admin.apps().deployments().inNamespace(SYSTEM).withName("lifeline-proxy").get()
            == null
        && api.admin.services().inNamespace(SYSTEM).withName("lifeline-proxy").get() == null;
  }

  List<String> events(String about) {
    return api.admin.v1().events().inNamespace("default").list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getName().equals(about))
        .map(Event::getMessage)
        .toList();
  }

  String denial(String name) {
    api.until(name + " is decided", () -> api.request(name).state() != Request.State.PENDING);
    assertThat(api.request(name).state()).isEqualTo(Request.State.DENIED);
    return api.request(name).message();
  }
}
