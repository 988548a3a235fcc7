package io.lifeline.operator;

import static io.lifeline.operator.Objects.PKI;
import static io.lifeline.operator.Objects.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.lifeline.crd.BootstrapKubeConfig;
import io.lifeline.crd.Condition;
import io.lifeline.crd.NodeDebug;
import io.lifeline.crd.NodeDebugSpec;
import io.lifeline.crd.Phase;
import io.lifeline.crd.SecretKeyRef;
import io.lifeline.kubernetes.internal.KubeconfigFiles;
import io.lifeline.operator.bootstrap.ApiServer;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.ApiAccess;
import io.lifeline.security.api.CertificateSubject;
import io.lifeline.security.api.Pem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The operator on a real API server, with the rights of its own service account.
 *
 * <p>Wants the administrator's kubeconfig of a cluster with no kubelets and no node lifecycle
 * controller, with the cluster's signer and {@code container/manifests} applied, in {@code
 * LIFELINE_TEST_KUBECONFIG}; it uses the names w1, w2 and w3.
 */
@EnabledIfEnvironmentVariable(named = ApiServerUnderTest.KUBECONFIG, matches = ".+")
class OperatorOnApiServerTest {

  private static final String SYSTEM = "lifeline-system";
  private static final String BOOTSTRAP = "lifeline-bootstrap";
  private static final Set<String> CLIENT = Set.of("digital signature", "client auth");
  // Signers up to 1.26 insist on key encipherment, also for EC keys.
  private static final Set<String> NODE =
      Set.of("digital signature", "key encipherment", "client auth");
  private static final Set<String> SERVER =
      Set.of("digital signature", "key encipherment", "server auth");

  private final ApiServerUnderTest api = new ApiServerUnderTest();
  private Optional<Operator> operator = Optional.empty();
  private Optional<KubernetesClient> own = Optional.empty();

  private OperatorSettings settings(Duration agentDeadline) {
    OperatorSettings defaults =
        OperatorSettingsTest.settings(Map.of("resync", "1s", "leadership.life", "5s"));
    return new OperatorSettings(
        SYSTEM,
        defaults.resync(),
        defaults.leadership(),
        new OperatorSettings.Bootstrap(
            BOOTSTRAP, Duration.ofHours(1), Optional.of(api.access.server())),
        defaults.certificates(),
        new OperatorSettings.Ending(agentDeadline, Duration.ofSeconds(2), Duration.ofSeconds(3)),
        defaults.proxy(),
        defaults.rollout());
  }

  private void start(Duration agentDeadline) {
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

  private void stop() {
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

  // --- helpers: the agent's and the person's parts ---

  private NodeDebug created(String name, String worker) {
    return created(name, new NodeDebugSpec(worker, null));
  }

  private NodeDebug created(String name, NodeDebugSpec spec) {
    NodeDebug nd = Objects.nodeDebug(name, "");
    nd.getMetadata().setUid(null);
    nd.getMetadata().setGeneration(null);
    nd.getMetadata().setCreationTimestamp(null);
    nd.setSpec(spec);
    return api.admin.resource(nd).create();
  }

  private void untilPhase(String name, Phase phase) {
    api.until(name + " is " + phase, () -> api.nodeDebug(name).story().phase() == phase);
  }

  private static CertificateSigningRequest csr(
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

  private String asked(
      KubernetesClient client, String signer, CertificateSubject subject, Set<String> usages) {
    return ApiServerUnderTest.create(client, csr(signer, subject, PKI.newKey(), usages));
  }

  private String kubeconfig(String worker) {
    Secret secret = api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-bootstrap").get();
    return secret == null || !secret.getData().containsKey(worker)
        ? ""
        : new String(
            Base64.getDecoder().decode(secret.getData().get(worker)), StandardCharsets.UTF_8);
  }

  private KubernetesClient bootstrap(String worker) throws Exception {
    api.until("there is a kubeconfig", () -> !kubeconfig(worker).isEmpty());
    return api.clients.connect(
        new KubeconfigFiles().parse(kubeconfig(worker), Path.of("/nonexistent")));
  }

  private static CertificateSubject backupSubject(String worker) {
    return CertificateSubject.client("system:node:" + worker + "-debug", "system:nodes");
  }

  /** From the request to a client of the backup node, with a person's approval. */
  private KubernetesClient approved(String nodeDebug, String worker) throws Exception {
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

  private static void register(KubernetesClient backup, String worker) {
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

  private static void renew(KubernetesClient backup, String name) {
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

  private void debugPod(KubernetesClient backup, String node) {
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

  private boolean nothingLeftOfBackup(String worker) {
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

  private boolean nothingLeftAtAll() {
    return api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-bootstrap").get() == null
        && api.admin.secrets().inNamespace(SYSTEM).withName("lifeline-proxy-tls").get() == null
        && api.admin.serviceAccounts().inNamespace(BOOTSTRAP).withName("w2").get() == null
        && api.admin.apps().deployments().inNamespace(SYSTEM).withName("lifeline-proxy").get()
            == null
        && api.admin.services().inNamespace(SYSTEM).withName("lifeline-proxy").get() == null;
  }

  private List<String> events(String about) {
    return api.admin.v1().events().inNamespace("default").list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getName().equals(about))
        .map(Event::getMessage)
        .toList();
  }

  private String denial(String name) {
    api.until(name + " is decided", () -> api.request(name).state() != Request.State.PENDING);
    assertThat(api.request(name).state()).isEqualTo(Request.State.DENIED);
    return api.request(name).message();
  }

  // --- the tests ---

  @Test
  void anAgentIsEnrolledWhileItsWorkerIsReadyAndOnlyForIt() throws Exception {
    CertificateSubject w1 = CertificateSubject.client("lifeline:agent:w1", "lifeline:agents");
    CertificateSubject w2 = CertificateSubject.client("lifeline:agent:w2", "lifeline:agents");
    try (KubernetesClient kubelet1 = api.as("system:node:w1", "system:nodes");
        KubernetesClient kubelet2 = api.as("system:node:w2", "system:nodes")) {
      String first = asked(kubelet1, Request.ENROLMENT, w1, CLIENT);
      api.until("it is signed", () -> api.request(first).certificate().isPresent());
      String pem =
          new String(
              Base64.getDecoder().decode(api.request(first).csr().getStatus().getCertificate()),
              StandardCharsets.US_ASCII);
      List<X509Certificate> chain = Pem.certificates(pem);
      assertThat(chain).hasSize(2);
      chain.get(0).verify(chain.get(1).getPublicKey());
      assertThat(chain.get(0).getSubjectX500Principal().getName())
          .isEqualTo("CN=lifeline:agent:w1,O=lifeline:agents");

      assertThat(denial(asked(kubelet1, Request.ENROLMENT, w2, CLIENT))).contains("may enrol as");
      String waiting = asked(kubelet2, Request.ENROLMENT, w2, CLIENT);
      String marker = asked(kubelet2, Request.ENROLMENT, w1, CLIENT);
      denial(marker);
      assertThat(api.request(waiting).state()).isEqualTo(Request.State.PENDING);
      api.node("w2", "True");
      api.until("it is signed", () -> api.request(waiting).certificate().isPresent());
    }
  }

  @Test
  void aWholeRescueAndThenNothingIsLeft() throws Exception {
    created("x", "w2");
    untilPhase("x", Phase.WaitingForAgent);
    NodeDebug nd = api.nodeDebug("x");
    assertThat(nd.hasFinalizer(NodeDebug.FINALIZER)).isTrue();
    assertThat(nd.story().accepted()).isTrue();
    assertThat(nd.story().condition(Condition.Type.BootstrapKubeConfig).orElseThrow().isTrue())
        .isTrue();
    assertThat(
            api.admin
                .apps()
                .deployments()
                .inNamespace(SYSTEM)
                .withName("lifeline-proxy")
                .get()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getAffinity()
                .toString())
        .contains("w2");
    assertThat(api.admin.services().inNamespace(SYSTEM).withName("lifeline-proxy").get())
        .isNotNull();

    try (KubernetesClient bootstrap = bootstrap("w2")) {
      assertThatThrownBy(() -> bootstrap.nodes().list())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("forbidden");
      assertThat(denial(asked(bootstrap, Request.NODE_CLIENT, backupSubject("w1"), NODE)))
          .contains("may ask for CN [system:node:w2-debug]");
      assertThat(
              denial(
                  asked(
                      bootstrap,
                      Request.NODE_CLIENT,
                      CertificateSubject.client("system:node:w2", "system:nodes"),
                      CLIENT)))
          .contains("may ask for");
      String foreign =
          asked(
              bootstrap,
              "kubernetes.io/kube-apiserver-client",
              CertificateSubject.client("admin", "x"),
              CLIENT);
      api.until("it is removed", () -> api.find(foreign).isEmpty());
    }
    for (String what : List.of("was denied", "was removed")) {
      api.until(
          "there is an Event that it " + what,
          () -> events("x").stream().anyMatch(message -> message.contains(what)));
    }

    try (KubernetesClient backup = approved("x", "w2")) {
      untilPhase("x", Phase.Approved);
      api.until("its end is told", () -> api.nodeDebug("x").story().certificateEnds() != null);

      CertificateSubject serving =
          new CertificateSubject(
              "system:node:w2-debug",
              List.of("system:nodes"),
              List.of("w2-debug"),
              List.of("10.99.0.12"));
      long from = System.nanoTime();
      String right = asked(backup, Request.NODE_SERVING, serving, SERVER);
      api.until("it is signed", () -> api.request(right).certificate().isPresent());
      System.out.println(
          "serving certificate after " + (System.nanoTime() - from) / 1_000_000 + " ms");
      CertificateSubject elsewhere =
          new CertificateSubject(
              "system:node:w2-debug", List.of("system:nodes"), List.of(), List.of("10.99.0.1"));
      assertThat(denial(asked(backup, Request.NODE_SERVING, elsewhere, SERVER)))
          .contains("at the addresses of w2");
      assertThat(denial(asked(backup, Request.NODE_CLIENT, backupSubject("w2"), NODE)))
          .contains("does not renew");

      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      debugPod(backup, "w2-debug");
      untilPhase("x", Phase.DebugPodRunning);
      assertThat(api.nodeDebug("x").story().debugPod()).isEqualTo("default/debug-pod");

      // the worker is Ready again, and the agent ends
      api.node("w2", "True");
      ApiServerUnderTest.ready(backup, "w2-debug", "False", "WorkerReady");
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      untilPhase("x", Phase.Watching);
      api.until(
          "its requests are gone",
          () ->
              api.admin
                  .certificates()
                  .v1()
                  .certificateSigningRequests()
                  .list()
                  .getItems()
                  .isEmpty());
      assertThat(api.nodeDebug("x").story().backupNode()).isNull();
    }
    KubernetesClient stillBootstrap = bootstrap("w2");
    api.admin.resources(NodeDebug.class).withName("x").delete();
    api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
    api.until("nothing is left", this::nothingLeftAtAll);
    // The API server remembers for ten seconds that a token was good.
    api.until(
        "the token is void",
        () -> {
          try {
            stillBootstrap.certificates().v1().certificateSigningRequests().withName("x").get();
            return false;
          } catch (KubernetesClientException e) {
            return e.getCode() == 401;
          }
        });
  }

  @Test
  void aNodeDebugThatIsDeletedAsksTheAgentAndWaitsForIt() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      api.admin.resources(NodeDebug.class).withName("x").delete();
      api.until(
          "the agent is asked",
          () ->
              "true"
                  .equals(
                      backup
                          .nodes()
                          .withName("w2-debug")
                          .get()
                          .getMetadata()
                          .getAnnotations()
                          .get(NodeDebug.WITHDRAW)));
      untilPhase("x", Phase.Ending);
      assertThat(kubeconfig("w2")).as("it is handed out no more").isEmpty();
      ApiServerUnderTest.ready(backup, "w2-debug", "False", "Withdrawn");
      api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
      assertThat(nothingLeftOfBackup("w2")).isTrue();
    }
  }

  @Test
  void anAgentThatDoesNotAnswerIsNotWaitedForLong() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      api.admin.resources(NodeDebug.class).withName("x").delete();
      api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
      assertThat(nothingLeftOfBackup("w2")).isTrue();
    }
  }

  @Test
  void anAgentThatVanishedIsDeregistered() throws Exception {
    stop();
    start(Duration.ofSeconds(3));
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      debugPod(backup, "w2-debug");
      untilPhase("x", Phase.DebugPodRunning);
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      untilPhase("x", Phase.WaitingForAgent);
      assertThat(events("x")).anyMatch(m -> m.contains("has not renewed its Lease"));
    }
    // and then once more from the start
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
    }
  }

  @Test
  void aWorkerThatIsReadyAgainEndsABackupNodeWhoseAgentIsDead() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      api.node("w2", "True");
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      untilPhase("x", Phase.Watching);
    }
  }

  @Test
  void theSecondNodeDebugOfAWorkerSaysSoAndTakesOverAfterTheFirst() {
    created("first", "w2");
    untilPhase("first", Phase.WaitingForAgent);
    created("second", "w2");
    untilPhase("second", Phase.Refused);
    Condition accepted =
        api.nodeDebug("second").story().condition(Condition.Type.Accepted).orElseThrow();
    assertThat(accepted.reason()).isEqualTo("Duplicate");
    assertThat(accepted.message()).contains("first");
    assertThat(api.nodeDebug("second").hasFinalizer(NodeDebug.FINALIZER)).isFalse();
    api.admin.resources(NodeDebug.class).withName("first").delete();
    untilPhase("second", Phase.WaitingForAgent);
    assertThat(kubeconfig("w2")).isNotEmpty();
  }

  @Test
  void aGivenKubeconfigIsKeptAndItsOwnerIsKnown() throws Exception {
    String token =
        api.admin
            .serviceAccounts()
            .inNamespace("default")
            .withName("default")
            .tokenRequest()
            .getStatus()
            .getToken();
    String given =
        new KubeconfigFiles()
            .write(ApiAccess.token(URI.create("https://10.0.0.1"), api.access.caPem(), token), "u");
    api.admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("given")
                .withNamespace(SYSTEM)
                .endMetadata()
                .addToStringData("kubeconfig", given)
                .build())
        .create();
    created(
        "x",
        new NodeDebugSpec(
            "w2", new BootstrapKubeConfig(null, new SecretKeyRef(SYSTEM, "given", "kubeconfig"))));
    created("y", new NodeDebugSpec("w3", new BootstrapKubeConfig("not one", null)));
    created(
        "z",
        new NodeDebugSpec(
            "w1", new BootstrapKubeConfig(null, new SecretKeyRef("kube-system", "s", "k"))));
    api.until("it is kept", () -> kubeconfig("w2").equals(given));
    untilPhase("x", Phase.WaitingForAgent);
    assertThat(condition("x").message()).contains("system:serviceaccount:default:default");
    untilPhase("y", Phase.Watching);
    assertThat(condition("y").reason()).isEqualTo("UnusableKubeConfig");
    untilPhase("z", Phase.Watching);
    assertThat(condition("z").reason()).isEqualTo("SecretForbidden");
    assertThat(kubeconfig("w3")).isEmpty();
    try (KubernetesClient holder =
        api.as(
            "system:serviceaccount:default:default",
            "system:serviceaccounts",
            "system:serviceaccounts:lifeline-bootstrap")) {
      assertThat(denial(asked(holder, Request.NODE_CLIENT, backupSubject("w1"), NODE)))
          .contains("system:node:w2-debug");
    }
  }

  private Condition condition(String name) {
    return api.nodeDebug(name).story().condition(Condition.Type.BootstrapKubeConfig).orElseThrow();
  }

  @Test
  void aChangedWorkerNameChangesNothing() {
    created("x", "w2");
    untilPhase("x", Phase.WaitingForAgent);
    api.admin
        .resources(NodeDebug.class)
        .withName("x")
        .edit(
            n -> {
              n.setSpec(new NodeDebugSpec("w3", null));
              return n;
            });
    api.until(
        "it is told",
        () ->
            api.nodeDebug("x")
                .story()
                .condition(Condition.Type.Accepted)
                .orElseThrow()
                .reason()
                .equals("WorkerNameChanged"));
    assertThat(kubeconfig("w3")).isEmpty();
    assertThat(kubeconfig("w2")).isNotEmpty();
  }

  @Test
  void theSchemaRefusesWhatIsWrong() {
    assertThatThrownBy(() -> created("x", "W_2")).hasMessageContaining("spec.workerName");
    assertThatThrownBy(() -> created("x", "")).hasMessageContaining("spec.workerName");
  }

  @Test
  void aBackupNodeWhoseNodeDebugWasTakenAwayByForceGoes() throws Exception {
    created("x", "w2");
    try (KubernetesClient backup = approved("x", "w2")) {
      register(backup, "w2");
      untilPhase("x", Phase.BackupNodeReady);
      stop();
      tidyNodeDebug("x");
      start(Duration.ofMinutes(5));
      api.until("the backup node is gone", () -> nothingLeftOfBackup("w2"));
      api.until("nothing is left", this::nothingLeftAtAll);
    }
  }

  private void tidyNodeDebug(String name) {
    api.admin.resources(NodeDebug.class).withName(name).delete();
    api.admin
        .resources(NodeDebug.class)
        .withName(name)
        .edit(
            n -> {
              n.getMetadata().setFinalizers(List.of());
              return n;
            });
  }

  @Test
  void aSecondOperatorWaitsAndTakesOver() {
    try (KubernetesClient client = api.operator()) {
      Operator second =
          new Operator(
              settings(Duration.ofMinutes(5)),
              client,
              () -> PKI,
              new KubeconfigFiles(),
              api.kubeconfig.toString(),
              Path.of("/nonexistent"),
              () -> "second");
      api.until("the first one leads", () -> holder().equals("test"));
      second.start();
      created("x", "w2");
      untilPhase("x", Phase.WaitingForAgent);
      assertThat(holder()).isEqualTo("test");
      stop();
      api.until("the second one leads", () -> holder().equals("second"));
      created("y", "w3");
      untilPhase("y", Phase.Watching);
      second.close();
    }
  }

  private String holder() {
    var lease = api.admin.leases().inNamespace(SYSTEM).withName(Leadership.LEASE).get();
    return lease == null || lease.getSpec().getHolderIdentity() == null
        ? ""
        : lease.getSpec().getHolderIdentity();
  }

  @Test
  void aNodeOfTheClustersOwnIsLeftAlone() {
    api.node("w3-debug", "False");
    created("x", "w3");
    untilPhase("x", Phase.Watching);
    api.admin.resources(NodeDebug.class).withName("x").delete();
    api.until("the NodeDebug is gone", () -> api.nodeDebug("x") == null);
    Node own = api.admin.nodes().withName("w3-debug").get();
    assertThat(own).isNotNull();
    api.admin.nodes().withName("w3-debug").delete();
  }

  /** One pass whose process is killed after so many requests; false when it ended by itself. */
  private boolean killedAfter(int requests) {
    try (CutClient cut = new CutClient(api.kubeconfig, requests)) {
      Pass.Parts parts =
          Operator.parts(
              settings(Duration.ofMinutes(5)),
              cut.client,
              () -> PKI,
              new ApiServer(
                  cut.client,
                  new KubeconfigFiles(),
                  Optional.of(api.access.server()),
                  api.kubeconfig.toString()),
              new KubeconfigFiles(),
              Path.of("/nonexistent"),
              new Bell(),
              new Bell());
      try {
        new Pass(parts).run();
      } catch (KubernetesClientException | IllegalStateException e) {
        assertThat(cut.cut()).as(e.toString()).isTrue();
      }
      parts.watches().close();
      return cut.cut();
    }
  }

  @Test
  void itCanBeKilledAtAnyRequestAndBegunAgain() throws Exception {
    stop();
    boolean killedAtTheStart = true;
    boolean killedAtTheEnd = true;
    int requests = 0;
    while (killedAtTheStart || killedAtTheEnd) {
      requests++;
      created("x", "w2");
      killedAtTheStart = killedAfter(requests);
      killedAfter(Integer.MAX_VALUE);
      assertThat(api.nodeDebug("x").story().phase())
          .as("begun again after request %d", requests)
          .isEqualTo(Phase.WaitingForAgent);
      assertThat(kubeconfig("w2")).isNotEmpty();
      String name;
      KeyPair key = PKI.newKey();
      try (KubernetesClient bootstrap = bootstrap("w2")) {
        name =
            ApiServerUnderTest.create(
                bootstrap, csr(Request.NODE_CLIENT, backupSubject("w2"), key, NODE));
      }
      api.approve(name);
      register(api.admin, "w2");
      ApiServerUnderTest.ready(api.admin, "w2-debug", "False", "CertificateExpired");
      killedAtTheEnd = killedAfter(requests);
      killedAfter(Integer.MAX_VALUE);
      assertThat(nothingLeftOfBackup("w2")).as("ended after request %d", requests).isTrue();
      assertThat(api.find(name)).as("ended after request %d", requests).isEmpty();
      assertThat(api.nodeDebug("x").story().phase()).isEqualTo(Phase.WaitingForAgent);
      api.admin.resources(NodeDebug.class).withName("x").delete();
      killedAtTheEnd |= killedAfter(requests);
      killedAfter(Integer.MAX_VALUE);
      assertThat(api.nodeDebug("x")).as("deleted after request %d", requests).isNull();
      assertThat(nothingLeftAtAll()).isTrue();
    }
    assertThat(requests).isGreaterThan(20);
  }
}
