package io.lifeline.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.lifeline.crd.NodeDebug;
import io.lifeline.kubernetes.KubernetesClients;
import io.lifeline.kubernetes.internal.BuiltClients;
import io.lifeline.kubernetes.internal.HeardTime;
import io.lifeline.kubernetes.internal.KubeconfigFiles;
import io.lifeline.operator.csr.Request;
import io.lifeline.security.api.ApiAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The API server of the test: its administrator, and whoever else is wanted. */
final class ApiServerUnderTest implements AutoCloseable {

  static final String KUBECONFIG = "LIFELINE_TEST_KUBECONFIG";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Path kubeconfig = Path.of(Objects.requireNonNull(System.getenv(KUBECONFIG)));
  final ApiAccess access;
  final KubernetesClients clients = new BuiltClients(new HeardTime(), Map.of());
  final KubernetesClient admin;

  ApiServerUnderTest() {
    try {
      access = new KubeconfigFiles().parse(Files.readString(kubeconfig), Path.of("/"));
    } catch (IOException e) {
      throw new AssertionError("the kubeconfig of the test cannot be read", e);
    }
    admin = clients.connect(access);
  }

  /** The operator's own service account, so that a right it lacks is found. */
  KubernetesClient operator() {
    String token =
        admin
            .serviceAccounts()
            .inNamespace("lifeline-system")
            .withName("lifeline-operator")
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    return clients.connect(ApiAccess.token(access.server(), access.caPem(), token));
  }

  /** Somebody, by the administrator's impersonation. */
  KubernetesClient as(String user, String... groups) {
    try {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      return new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(config)
                  .withClientKeyAlgo("EC")
                  .withImpersonateUsername(user)
                  .withImpersonateGroups(groups)
                  .build())
          .withHttpClientFactory(new JdkHttpClientFactory())
          .build();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void node(String name, String ready) {
    if (admin.nodes().withName(name).get() == null) {
      admin
          .resource(new NodeBuilder().withNewMetadata().withName(name).endMetadata().build())
          .create();
    }
    ready(admin, name, ready, "Test");
  }

  /** Sets a Node's Ready condition and its address. */
  static Node ready(KubernetesClient client, String name, String ready, String reason) {
    return client
        .nodes()
        .withName(name)
        .editStatus(
            node ->
                new NodeBuilder(node)
                    .editOrNewStatus()
                    .withAddresses(
                        new io.fabric8.kubernetes.api.model.NodeAddressBuilder()
                            .withType("InternalIP")
                            .withAddress("10.99.0.12")
                            .build())
                    .withConditions(
                        new NodeConditionBuilder()
                            .withType("Ready")
                            .withStatus(ready)
                            .withReason(reason)
                            .withMessage(reason + " is why")
                            .build())
                    .endStatus()
                    .build());
  }

  Request request(String name) {
    return find(name).orElseThrow(() -> new AssertionError("there is no request " + name));
  }

  Optional<Request> find(String name) {
    return Optional.ofNullable(
            admin.certificates().v1().certificateSigningRequests().withName(name).get())
        .map(Request::new);
  }

  void approve(String name) {
    admin
        .certificates()
        .v1()
        .certificateSigningRequests()
        .withName(name)
        .approve(
            new CertificateSigningRequestConditionBuilder()
                .withType("Approved")
                .withStatus("True")
                .withReason("Test")
                .withMessage("by a person")
                .build());
  }

  static String create(KubernetesClient client, CertificateSigningRequest request) {
    return client.resource(request).create().getMetadata().getName();
  }

  NodeDebug nodeDebug(String name) {
    return admin.resources(NodeDebug.class).withName(name).get();
  }

  <T extends HasMetadata> void until(String what, Supplier<Boolean> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("in vain waited until " + what);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
